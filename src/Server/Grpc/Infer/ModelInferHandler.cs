using Microsoft.Extensions.Options;
using Serving.Runtime.Inference;
using Serving.Server.Grpc.Protocol;
using Serving.Server.Hosting;

namespace Serving.Server.Grpc.Infer;

/// <summary>The hot path: ModelInfer from the request's bytes to the response's, without a generated message between.</summary>
internal sealed class ModelInferHandler(EngineDoor engine, IOptions<ServingOptions> options)
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
            (await engine.Infer(prepared.Request, call.CancellationToken)).TryGetValue(out response, out failure);
        }

        call.Reader.Release();
        return response is null ? failure : await RespondAsync(call, response);
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

        return PreparedRequest.Create(scanned, call.Received, call.Deadline, _limit);
    }

    private async ValueTask<InferenceFailure?> RespondAsync(RpcCall call, InferenceResponse response)
    {
        using (response)
        {
            if (_alwaysTimes || call.GetMetadata("x-server-timing") == "1")
            {
                call.AddTrailer("server-timing", ServerTimingText.Format(response.Stages));
            }

            if (ModelInferResponseMessage.Create(response).TryGetValue(out var message, out var failure))
            {
                await call.WriteAsync(message, flush: false);
            }

            return failure;
        }
    }
}
