using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Abstractions;
using Serving.Runtime.Inference;

namespace Serving.Runtime.Tests;

/// <summary>An engine over some folders, as the server would make it.</summary>
internal sealed class EngineFixture : IAsyncDisposable
{
    private readonly TestMeters _meters = new();

    private EngineFixture(EngineOptions options) => Engine = new InferenceEngine(options, _meters, NullLoggerFactory.Instance, TimeProvider.System);

    public static TimeSpan Timeout { get; } = TimeSpan.FromMinutes(2);

    public InferenceEngine Engine { get; }

    public static async Task<EngineFixture> StartAsync(string repository, Action<EngineOptions>? configure = null)
    {
        var options = new EngineOptions { SettleTime = TimeSpan.Zero, PollInterval = TimeSpan.FromMilliseconds(50) };
        options.Repository.Add(repository);
        configure?.Invoke(options);
        var fixture = new EngineFixture(options);
        await fixture.Engine.StartAsync(CancellationToken.None).WaitAsync(Timeout);
        return fixture;
    }

    public async Task<InferenceResponse> InferAsync(InferenceRequest request)
    {
        var outcome = await Engine.InferAsync(request, CancellationToken.None).AsTask().WaitAsync(Timeout);
        Assert.True(outcome.TryGetValue(out var response, out var failure), failure?.ToString());
        return response!;
    }

    public async ValueTask DisposeAsync()
    {
        await Engine.DisposeAsync().AsTask().WaitAsync(Timeout);
        _meters.Dispose();
    }

    private sealed class TestMeters : IMeterFactory
    {
        private readonly List<Meter> _meters = [];

        public Meter Create(MeterOptions options)
        {
            var meter = new Meter(options);
            _meters.Add(meter);
            return meter;
        }

        public void Dispose() => _meters.ForEach(m => m.Dispose());
    }
}
