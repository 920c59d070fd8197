using Serving.Runtime.Inference;
using Serving.Runtime.Models;
using Serving.TestKit.Graphs;

namespace Serving.Runtime.Tests.Batching.Faults;

/// <summary>Whole models whose runs fail: because of what clients send, or whatever they send.</summary>
public sealed class FailingModelTests
{
    [Fact]
    public async Task Infer_NothingButPoison_ModelStaysInService()
    {
        using var folder = TestModels.Save(("lookup", TestModels.Lookup()));
        await using var fixture = await EngineFixture.StartAsync(folder.Path, options => options.BreakerFailures = 1);
        for (var i = 0; i < 200; i++)
        {
            Assert.Equal(InferenceError.BackendFailed, await FailureAsync(fixture, Requests.To("lookup", Requests.Longs("ids", [1, 1], 99))));
            Assert.Null(fixture.Engine.CheckReady("lookup"));
        }

        using var answer = await fixture.InferAsync(Requests.To("lookup", Requests.Longs("ids", [1, 1], 7)));
        Assert.Equal([7f], answer.Floats("y"));
    }

    [Fact]
    public async Task Infer_BackendFails_IsTakenOutAndComesBack()
    {
        using var folder = TestModels.Save(("flaky", Flaky()));
        await using var fixture = await EngineFixture.StartAsync(folder.Path, Quick);
        await UntilAsync(async () => await FailureAsync(fixture, Ask()) == InferenceError.NotReady);
        await UntilAsync(async () => await FailureAsync(fixture, Ask()) is null);
    }

    [Fact]
    public async Task Status_TakenOut_SaysSoEverywhere()
    {
        using var folder = TestModels.Save(("flaky", Flaky()));
        await using var fixture = await EngineFixture.StartAsync(folder.Path, options =>
        {
            Quick(options);
            options.BreakerPause = options.BreakerLongestPause = TimeSpan.FromHours(1);
            options.StrictReadiness = true;
        });
        await UntilAsync(async () => await FailureAsync(fixture, Ask()) == InferenceError.NotReady);

        var engine = fixture.Engine;
        var refusal = engine.CheckReady("flaky");
        Assert.InRange(refusal!.RetryAfter!.Value, TimeSpan.FromMinutes(30), TimeSpan.FromHours(1));
        var line = Assert.Single(engine.GetIndex());
        Assert.Equal(ModelState.Unavailable, line.State);
        Assert.StartsWith("model 'flaky' version 1 is out of service: its runs fail, also of a sample", line.Reason, StringComparison.Ordinal);
        Assert.Empty(engine.GetIndex(readyOnly: true));
        Assert.True(engine.GetDetails("flaky").TryGetValue(out var details, out _));
        Assert.Equal(ModelState.Unavailable, Assert.Single(details).State);
        Assert.False(engine.IsReady);
        Assert.True(engine.GetMetadata("flaky").TryGetValue(out _, out _));

        Assert.Null(await engine.LoadAsync("flaky", CancellationToken.None).AsTask().WaitAsync(EngineFixture.Timeout));
        Assert.Null(engine.CheckReady("flaky"));
    }

    [Fact]
    public async Task Infer_VersionTakenOut_DefaultIsTheHighestThatIsReadyAndNamesStayWhatTheyAre()
    {
        using var folder = TestModels.Save(("model", Steady()));
        Flaky().Save(folder["model/2/model.onnx"]);
        folder.Write("model/model.yaml", "versions: all\n");
        await using var fixture = await EngineFixture.StartAsync(folder.Path, options =>
        {
            Quick(options);
            options.BreakerPause = options.BreakerLongestPause = TimeSpan.FromHours(1);
        });
        await UntilAsync(async () => await FailureAsync(fixture, Ask("model", "2")) == InferenceError.NotReady);

        using var answer = await fixture.InferAsync(Ask("model"));
        Assert.Equal("1", answer.ModelVersion);
        Assert.Null(fixture.Engine.CheckReady("model"));
        Assert.Equal(InferenceError.NotReady, await FailureAsync(fixture, Ask("model", "2")));
    }

    private static void Quick(EngineOptions options)
    {
        options.BreakerFailures = 2;
        options.BreakerPause = options.BreakerLongestPause = TimeSpan.FromMilliseconds(100);
    }

    private static InferenceRequest Ask(string model = "flaky", string? version = null) =>
        new() { ModelName = model, ModelVersion = version, Inputs = [Requests.Floats("x", [1, 1], 3)] };

    private static async Task<InferenceError?> FailureAsync(EngineFixture fixture, InferenceRequest request)
    {
        var outcome = await fixture.Engine.InferAsync(request, CancellationToken.None).AsTask().WaitAsync(EngineFixture.Timeout);
        if (!outcome.TryGetValue(out var response, out var failure))
        {
            return failure.Error;
        }

        response.Dispose();
        return null;
    }

    private static async Task UntilAsync(Func<Task<bool>> reached)
    {
        using var patience = new CancellationTokenSource(EngineFixture.Timeout);
        while (!await reached())
        {
            patience.Token.ThrowIfCancellationRequested();
        }
    }

    /// <summary>y = x.</summary>
    private static OnnxGraphBuilder Steady() => new OnnxGraphBuilder()
        .Input("x", "FP32", 1, 1).Output("y", "FP32", 1, 1).Node("Identity", ["x"], ["y"]);

    /// <summary>y = x, in half of the runs; the others look up what is not there, as the dice fall.</summary>
    private static OnnxGraphBuilder Flaky() => new OnnxGraphBuilder()
        .Input("x", "FP32", 1, 1).Output("y", "FP32", 1, 1).Weight("zero", [1], 0f)
        .Node("RandomUniform", [], ["dice"], ("shape", new long[] { 1 }), ("low", 0f), ("high", 2f), ("seed", 5f))
        .Node("Cast", ["dice"], ["side"], ("to", 7)).Node("Gather", ["zero", "side"], ["nothing"]).Node("Add", ["x", "nothing"], ["y"]);
}
