using System.Buffers;
using System.Collections.Concurrent;
using Serving.Runtime.Inference;

namespace Serving.Server.Tests.Grpc.Infer.Streaming;

/// <summary>An engine behind a <see cref="FakeEngine"/> whose requests wait until the test lets them go, one by one or all.</summary>
internal sealed class BusyEngine
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _gates = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _arrivals = new();
    private int _held;
    private int _mostHeld;

    public BusyEngine(FakeEngine engine) => engine.Infer = InferAsync;

    /// <summary>The most requests that were held at once, from their arrival until their responses were given back.</summary>
    public int MostHeld => Volatile.Read(ref _mostHeld);

    /// <summary>Requests whose memory is still used.</summary>
    public int Held => Volatile.Read(ref _held);

    /// <summary>Requests whose token was cancelled while they waited.</summary>
    public ConcurrentQueue<string> Cancelled { get; } = new();

    public ConcurrentQueue<InferenceRequest> Requests { get; } = new();

    public void Release(string id) => Of(_gates, id).TrySetResult();

    /// <summary>Completes when the request has reached the engine.</summary>
    public Task ArrivedAsync(string id) => Of(_arrivals, id).Task.WaitAsync(TimeSpan.FromSeconds(20));

    private static TaskCompletionSource Of(ConcurrentDictionary<string, TaskCompletionSource> sources, string id) =>
        sources.GetOrAdd(id, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));

    private async ValueTask<Outcome<InferenceResponse>> InferAsync(InferenceRequest request, CancellationToken cancellationToken)
    {
        Requests.Enqueue(request);
        var held = Interlocked.Increment(ref _held);
        for (var most = MostHeld; held > most; most = MostHeld)
        {
            Interlocked.CompareExchange(ref _mostHeld, held, most);
        }

        Of(_arrivals, request.Id!).TrySetResult();
        try
        {
            await Of(_gates, request.Id!).Task.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            Interlocked.Decrement(ref _held);
            Cancelled.Enqueue(request.Id!);
            return InferenceFailure.Cancelled;
        }

        return new InferenceResponse(new Given(() => Interlocked.Decrement(ref _held)))
        {
            ModelName = "echo",
            ModelVersion = "3",
            Id = request.Id,
            Outputs = [.. request.Inputs.Select(input => new OutputTensor(input.Name, input.Type, input.Shape, input.Data.ToArray()))],
        };
    }

    private sealed class Given(Action back) : IDisposable
    {
        public void Dispose() => back();
    }
}
