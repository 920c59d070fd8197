using System.Buffers;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Serving.Runtime;
using Serving.Runtime.Inference;
using Serving.Runtime.Tensors;
using Serving.TestKit;

namespace Serving.Benchmarks;

/// <summary>The engine in this process: what a request costs without a protocol, a socket and a client.</summary>
internal sealed class BenchEngine : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly ServiceProvider _services;
    private readonly InferenceEngine _engine;

    private BenchEngine(ServiceProvider services, InferenceEngine engine)
    {
        _services = services;
        _engine = engine;
    }

    public static async Task<BenchEngine> StartAsync(string repository)
    {
        var options = new EngineOptions { SettleTime = TimeSpan.Zero };
        options.Repository.Add(repository);
        var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var engine = new InferenceEngine(options, services.GetRequiredService<IMeterFactory>(), NullLoggerFactory.Instance, TimeProvider.System);
        await engine.StartAsync(CancellationToken.None).WaitAsync(Patience);
        return new BenchEngine(services, engine);
    }

    /// <summary>A request that can be run again and again.</summary>
    public Func<Task> Call(string model, IReadOnlyDictionary<string, NpyArray> inputs)
    {
        var request = new InferenceRequest { ModelName = model, Inputs = [.. inputs.Select(input => ToTensor(input.Key, input.Value))] };
        return async () =>
        {
            var outcome = await _engine.InferAsync(request, CancellationToken.None);
            using var response = outcome.TryGetValue(out var answered, out var failure) ? answered : throw new InvalidOperationException(failure.Message);
        };
    }

    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync();
        await _services.DisposeAsync();
    }

    private static InputTensor ToTensor(string name, NpyArray array)
    {
        if (!ElementTypes.TryParse(array.Datatype, out var type))
        {
            throw new NotSupportedException(array.Datatype);
        }

        return new InputTensor(name, type, new TensorShape(array.Shape), new ReadOnlySequence<byte>(array.Data));
    }
}
