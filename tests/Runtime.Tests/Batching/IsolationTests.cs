using Serving.Runtime.Models;
using Serving.Runtime.Tests.Models;
using Serving.TestKit.Graphs;

namespace Serving.Runtime.Tests.Batching;

/// <summary>
/// No client sees what belongs to another. The graphs look as if their rows were kept apart, on every sample that a probe
/// makes; only contents that it cannot guess show that they are not.
/// </summary>
public sealed class IsolationTests
{
    [Theory]
    [InlineData("Findings")]
    [InlineData("FindingsInFixedShape")]
    [InlineData("Largest")]
    [InlineData("Alarm")]
    public async Task Infer_OutputThatGrowsWithWhatIsFound_HoldsOnlyTheOwn(string graph)
    {
        using var folder = TestModels.Save(("model", Make(graph)));
        await using var fixture = await EngineFixture.StartAsync(folder.Path);
        for (var round = 0; round < 20; round++)
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 24).Select(i => fixture.InferAsync(
                Requests.To("model", Requests.Floats("x", [1, 2], 1, 1000 + i)))));
            for (var i = 0; i < answers.Length; i++)
            {
                Assert.All(answers[i].Floats("found"), value => Assert.True(value is 0 || value == 1000 + i, $"request {i} was told {value}"));
                answers[i].Dispose();
            }
        }

        Assert.False(BatchingDetailsView.Of(fixture, "model").Enabled);
    }

    [Theory]
    [InlineData("Positions")]
    [InlineData("Switched")]
    public async Task Probe_OutputThatFollowsFromShapesOrSharedInputs_StaysBatched(string graph)
    {
        using var folder = TestModels.Save(("model", Make(graph)));
        await using var fixture = await EngineFixture.StartAsync(folder.Path);
        var found = BatchingDetailsView.Of(fixture, "model");
        Assert.True(found.Enabled, found.Evidence);
    }

    [Fact]
    public async Task Load_AxesDeclaredForWhatIsFound_IsRefused()
    {
        using var folder = TestModels.Save(("model", Make("Findings")));
        folder.Write("model/model.yaml", "axes:\n  x: [batch, null]\n");
        await using var fixture = await EngineFixture.StartAsync(folder.Path);
        var model = Assert.Single(fixture.Engine.GetIndex());
        Assert.Equal(ModelState.Unavailable, model.State);
        Assert.Contains("the extents of output 'found' follow from what is in the rows", model.Reason, StringComparison.Ordinal);
    }

    private static OnnxGraphBuilder Make(string graph)
    {
        var builder = new OnnxGraphBuilder().Input("x", "FP32", "batch", 2).Output("y", "FP32", "batch", 2)
            .Node("Mul", ["x", "x"], ["y"]).Weight("limit", [], 900f);
        return graph switch
        {
            // What is above the limit, however much that is.
            "Findings" => builder.Output("found", "FP32", "count")
                .Node("Greater", ["x", "limit"], ["above"]).Node("NonZero", ["above"], ["where"])
                .Node("Transpose", ["where"], ["places"]).Node("GatherND", ["x", "places"], ["found"]),

            // The same, written into a list of three.
            "FindingsInFixedShape" => builder.Output("found", "FP32", 3).Weight("none", [3], 0f, 0, 0).Weight("three", [1], 3L).Weight("zero", [1], 0L)
                .Node("Greater", ["x", "limit"], ["above"]).Node("Compress", ["x", "flags"], ["list"]).Node("Reshape", ["above", "flat"], ["flags"])
                .Weight("flat", [1], -1L).Node("Concat", ["list", "none"], ["all"], ("axis", 0)).Node("Slice", ["all", "zero", "three"], ["found"]),

            // One number for the whole batch.
            "Largest" => builder.Output("found", "FP32").Weight("none", [], 0f)
                .Node("ReduceMax", ["x"], ["largest"], ("keepdims", 0)).Node("Greater", ["largest", "limit"], ["above"])
                .Node("Where", ["above", "largest", "none"], ["found"]),

            // Another branch is taken once any row is above the limit.
            "Alarm" => builder.Output("found", "FP32", "count")
                .Node("ReduceMax", ["x"], ["largest"], ("keepdims", 0)).Node("Greater", ["largest", "limit"], ["above"])
                .Weight("flat", [1], -1L).Weight("none", [1], 0f)
                .Node(
                    "If",
                    ["above"],
                    ["found"],
                    ("then_branch", new OnnxGraphBuilder().Node("Reshape", ["largest", "flat"], ["loud"]).Output("loud", "FP32", "count")),
                    ("else_branch", new OnnxGraphBuilder().Node("Identity", ["none"], ["quiet"]).Output("quiet", "FP32", "count"))),

            // Numbers along the second axis, as a detector's anchors.
            "Positions" => builder.Output("positions", "INT64", 2).Weight("one", [], 1L).Weight("zero", [], 0L)
                .Node("Shape", ["x"], ["shape"]).Node("Gather", ["shape", "one"], ["width"]).Node("Range", ["zero", "width", "one"], ["positions"]),

            // Two branches, chosen by an input that all rows of a batch share, as Silero's sampling rate.
            "Switched" => new OnnxGraphBuilder().Input("x", "FP32", "batch", 2).Input("flag", "BOOL").Output("y", "FP32", "batch", 2).Node(
                "If",
                ["flag"],
                ["y"],
                ("then_branch", new OnnxGraphBuilder().Node("Neg", ["x"], ["less"]).Output("less", "FP32", "batch", 2)),
                ("else_branch", new OnnxGraphBuilder().Node("Abs", ["x"], ["more"]).Output("more", "FP32", "batch", 2))),
            _ => throw new ArgumentOutOfRangeException(nameof(graph), graph, null),
        };
    }
}
