using Serving.Contracts.Health;
using Serving.Runtime.Inference;
using Serving.Server.Grpc.Protocol;
using Status = Serving.Contracts.Health.HealthCheckResponse.Types.ServingStatus;

namespace Serving.Server.Grpc;

/// <summary><c>grpc.health.v1.Health</c>: the server under the empty name and those of its services, and every model under its own.</summary>
internal sealed class HealthService
{
    private const string ServiceName = "grpc.health.v1.Health";

    /// <summary>How soon a watcher learns of a change. Arbitrary; probes ask every few seconds.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    private readonly Readiness _readiness;
    private readonly TimeProvider _time;

    public HealthService(Readiness readiness, TimeProvider time)
    {
        _readiness = readiness;
        _time = time;
        Methods =
        [
            RpcMethod.Unary<HealthCheckRequest, HealthCheckResponse>(ServiceName, "Check", HealthCheckRequest.Parser, (_, request) => new(Check(request))),
            RpcMethod.ServerStreaming<HealthCheckRequest, HealthCheckResponse>(ServiceName, "Watch", HealthCheckRequest.Parser, WatchAsync),
        ];
    }

    public IReadOnlyList<RpcMethod> Methods { get; }

    private Outcome<HealthCheckResponse> Check(HealthCheckRequest request)
    {
        var status = GetStatus(request.Service);
        return status == Status.ServiceUnknown
            ? InferenceFailure.NotFound($"'{request.Service}' is neither a service nor a model of this server")
            : new HealthCheckResponse { Status = status };
    }

    private async ValueTask<InferenceFailure?> WatchAsync(RpcCall call, HealthCheckRequest request, ResponseStream<HealthCheckResponse> responses)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(call.CancellationToken, _readiness.Draining);
        using var timer = new PeriodicTimer(LookAgain, _time);
        var sent = Status.Unknown;
        try
        {
            do
            {
                var status = GetStatus(request.Service);
                if (status != sent)
                {
                    await responses.WriteAsync(new HealthCheckResponse { Status = status });
                    sent = status;
                }
            }
            while (await timer.WaitForNextTickAsync(ended.Token));
        }
        catch (OperationCanceledException) when (!call.CancellationToken.IsCancellationRequested)
        {
            // The server drains. A stream left open would hold up the shutdown.
            if (sent != Status.NotServing)
            {
                await responses.WriteAsync(new HealthCheckResponse { Status = Status.NotServing });
            }
        }

        return null;
    }

    private Status GetStatus(string service)
    {
        if (service.Length == 0 || ServiceDescriptors.IsKnown(service))
        {
            return _readiness.IsServerReady ? Status.Serving : Status.NotServing;
        }

        return _readiness.CheckModel(service, version: null) switch
        {
            null => Status.Serving,
            { Error: InferenceError.NotFound } => Status.ServiceUnknown,
            _ => Status.NotServing,
        };
    }
}
