using Serving.TestKit.Graphs;

namespace Serving.Runtime.Tests.Batching;

public sealed class RunSchedulerTests
{
    /// <summary>Waiters do as they like: one that blocks its thread until another request is answered must not block the only lane.</summary>
    [Fact]
    public async Task Infer_WaitersThatWaitForOthers_HoldUpNoRuns()
    {
        const int Requests = 8;
        using var folder = TestModels.Save(("long", LongRun()));
        await using var fixture = await EngineFixture.StartAsync(folder.Path, o => o.Threads = 1);
        var x = Batching.Requests.Floats("x", [Edge, Edge], new float[Edge * Edge]);

        await Task.WhenAll(Enumerable.Range(0, Requests).Select(_ => Task.Run(AskTwiceAsync))).WaitAsync(EngineFixture.Timeout);

        async Task AskTwiceAsync()
        {
            (await AskAsync().ConfigureAwait(false)).Dispose();
            Assert.True(AskAsync().AsTask().Wait(EngineFixture.Timeout), "the second request was never answered");
        }

        async ValueTask<Inference.InferenceResponse> AskAsync()
        {
            var outcome = await fixture.Engine.InferAsync(Batching.Requests.To("long", x), CancellationToken.None).ConfigureAwait(false);
            return outcome.TryGetValue(out var response, out var failure) ? response : throw new InvalidOperationException(failure.Message);
        }
    }

    private const int Edge = 400;

    /// <summary>y = x⁴ over a matrix: some milliseconds, and no rows that could share a run.</summary>
    private static OnnxGraphBuilder LongRun() => new OnnxGraphBuilder()
        .Input("x", "FP32", Edge, Edge).Output("y", "FP32", Edge, Edge)
        .Node("MatMul", ["x", "x"], ["x2"]).Node("MatMul", ["x2", "x"], ["x3"]).Node("MatMul", ["x3", "x"], ["y"]);
}
