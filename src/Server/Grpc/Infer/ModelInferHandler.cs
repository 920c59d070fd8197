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
    private readonly string? _tenantHeader = options.Value.TenantHeader is { Length: > 0 } header ? header.ToLowerInvariant() : null;
    private readonly bool _alwaysTimes = options.Value.ServerTiming;

    public InferSteps Steps => new(InferAsync, RespondAsync);

    private ValueTask<Outcome<InferenceResponse>> InferAsync(RpcCall call)
    {
        var exchange = (InferExchange)(call.Item ??= new InferExchange());
        exchange.Begin();
        var reading = call.Reader.ReadSingleAsync(call.CancellationToken);
        return reading.IsCompletedSuccessfully ? Infer(call, exchange, reading.Result) : WaitAsync(call, exchange, reading);
    }

    private async ValueTask<Outcome<InferenceResponse>> WaitAsync(RpcCall call, InferExchange exchange, ValueTask<InferenceFailure?> reading) =>
        await Infer(call, exchange, await reading);

    private ValueTask<Outcome<InferenceResponse>> Infer(RpcCall call, InferExchange exchange, InferenceFailure? unreadable) =>
        (unreadable ?? Prepare(call, exchange)) is { } failure ? new(failure) : engine.Infer(exchange.Prepared.Request, call.CancellationToken);

    private InferenceFailure? Prepare(RpcCall call, InferExchange exchange)
    {
        var scanned = exchange.Scanned;
        TimeSpan? timeout = null;
        if ((ModelInferScanner.Scan(call.Reader.Message, scanned) ?? InferRules.TryGetTimeout(scanned, out timeout)) is { } wrong)
        {
            return wrong;
        }

        if (timeout is { } shorter)
        {
            call.ShortenDeadline(shorter);
        }

        exchange.Prepared.Tenant = _tenantHeader is null ? null : call.GetMetadata(_tenantHeader);
        return exchange.Prepared.Fill(scanned, call.Received, call.Deadline, _limit, new SharedMemoryAccess(regions, gate, call.Http));
    }

    private ValueTask<InferenceFailure?> RespondAsync(RpcCall call, Outcome<InferenceResponse> outcome)
    {
        var exchange = (InferExchange)call.Item!;
        var demands = exchange.Prepared.Demands;
        InferenceResponse? response;
        InferenceFailure? failure;
        try
        {
            if (outcome.Failure is null)
            {
                exchange.Prepared.Answered();
            }

            OutputDelivery.Apply(outcome, demands).TryGetValue(out response, out failure);
        }
        finally
        {
            exchange.Dispose();
        }

        call.Reader.Release();
        return response is null ? new(failure) : WriteAsync(call, response, demands);
    }

    private async ValueTask<InferenceFailure?> WriteAsync(RpcCall call, InferenceResponse response, IReadOnlyList<OutputDemand> demands)
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
