using Microsoft.Extensions.Options;
using Serving.Runtime.Inference;
using Serving.Server.Auth;
using Serving.Server.Grpc.Protocol;
using Serving.Server.Hosting;
using Serving.Server.Outputs;
using Serving.Server.SharedMemory;

namespace Serving.Server.Grpc.Infer;

/// <summary>The hot path: ModelInfer from the request's bytes to the response's, without a generated message between.</summary>
internal sealed class ModelInferHandler(EngineDoor engine, SharedMemoryRegistry regions, ManagementGate gate, IOptions<ServingOptions> options)
{
    private readonly long _limit = options.Value.MaxRequestBytes;
    private readonly bool _alwaysTimes = options.Value.ServerTiming;

    public async ValueTask<InferenceFailure?> InvokeAsync(RpcCall call)
    {
        if (await call.Reader.ReadSingleAsync(call.CancellationToken) is { } unreadable)
        {
            return unreadable;
        }

        if (!Prepare(call).TryGetValue(out var prepared, out var invalid))
        {
            return invalid;
        }

        InferenceResponse? response;
        InferenceFailure? failure;
        using (prepared)
        {
            var outcome = await engine.Infer(prepared.Request, call.CancellationToken);
            OutputDelivery.Apply(outcome, prepared.Demands).TryGetValue(out response, out failure);
        }

        call.Reader.Release();
        return response is null ? failure : await RespondAsync(call, response, prepared.Demands);
    }

    private Outcome<PreparedRequest> Prepare(RpcCall call)
    {
        if (!ModelInferScanner.Scan(call.Reader.Message).TryGetValue(out var scanned, out var malformed))
        {
            return malformed;
        }

        if (InferRules.TryGetTimeout(scanned, out var timeout) is { } wrong)
        {
            return wrong;
        }

        if (timeout is { } shorter)
        {
            call.ShortenDeadline(shorter);
        }

        return PreparedRequest.Create(scanned, call.Received, call.Deadline, _limit, new SharedMemoryAccess(regions, gate, call.Http));
    }

    private async ValueTask<InferenceFailure?> RespondAsync(RpcCall call, InferenceResponse response, IReadOnlyList<OutputDemand> demands)
    {
        using (response)
        {
            if (_alwaysTimes || call.GetMetadata("x-server-timing") == "1")
            {
                call.AddTrailer("server-timing", ServerTimingText.Format(response.Stages));
            }

            if (ModelInferResponseMessage.Create(response, demands).TryGetValue(out var message, out var failure))
            {
                await call.WriteAsync(message, flush: false);
            }

            return failure;
        }
    }
}
