using Serving.Runtime.Tests.Models;
using Serving.TestKit.Graphs;

namespace Serving.Runtime.Tests.Batching;

/// <summary>What the load-time probe says of graphs whose rows are, and are not, kept apart.</summary>
public sealed class ProbeTests
{
    public static TheoryData<string, bool, string> Graphs => new()
    {
        { nameof(TestModels.Square), true, "axes named 'batch'" },
        { nameof(TestModels.InnerBatch), true, "axes named 'batch'" },
        { nameof(TestModels.Scaled), true, "axes named 'batch'" },
        { nameof(TestModels.Lookup), true, "axes named 'batch'" },
        { "Switches", true, "axes named 'batch'" },
        { "Rectified", true, "axes named 'batch'" },
        { nameof(TestModels.CentredOverBatch), false, "hardly differ" },
        { nameof(TestModels.Similarity), false, "has shape [1,1] for one row and [2,2] for 2" },
        { "NormalisedByBatch", false, "differs by" },
        { "Constant", false, "hardly differ" },
        { "Fixed", false, "no axis of any input varies" },
    };

    [Theory]
    [MemberData(nameof(Graphs))]
    public async Task Probe_Graph_IsBatchedOnlyWhereRowsAreKeptApart(string graph, bool enabled, string evidence)
    {
        using var folder = TestModels.Save(("model", Make(graph)));
        await using var fixture = await EngineFixture.StartAsync(folder.Path);
        var found = BatchingDetailsView.Of(fixture, "model");
        Assert.Equal((true, enabled), (found.Evidence.Contains(evidence, StringComparison.Ordinal), found.Enabled));
    }

    [Fact]
    public async Task Probe_AxesDeclared_AreTaken()
    {
        using var folder = TestModels.Save(("model", TestModels.Square()));
        folder.Write("model/model.yaml", "axes:\n  x: [batch, null]\n  y: [batch, null]\n");
        await using var fixture = await EngineFixture.StartAsync(folder.Path);
        var found = BatchingDetailsView.Of(fixture, "model");
        Assert.True(found.Enabled);
        Assert.Contains("declared", found.Evidence, StringComparison.Ordinal);
    }

    private static OnnxGraphBuilder Make(string graph) => graph switch
    {
        nameof(TestModels.Square) => TestModels.Square(),
        nameof(TestModels.InnerBatch) => TestModels.InnerBatch(),
        nameof(TestModels.Scaled) => TestModels.Scaled(),
        nameof(TestModels.Lookup) => TestModels.Lookup(),
        nameof(TestModels.CentredOverBatch) => TestModels.CentredOverBatch(),
        nameof(TestModels.Similarity) => TestModels.Similarity(),

        // As dynamic quantisation does: scaled by the largest value of the whole tensor.
        "NormalisedByBatch" => new OnnxGraphBuilder()
            .Input("x", "FP32", "batch", 4).Output("y", "FP32", "batch", 4)
            .Node("Abs", ["x"], ["a"]).Node("ReduceMax", ["a"], ["m"], ("keepdims", 0)).Node("Div", ["x", "m"], ["y"]),
        "Switches" => TestModels.Identity("BOOL"),

        // Nothing is left of most of the samples.
        "Rectified" => new OnnxGraphBuilder()
            .Input("x", "FP32", "batch", 1).Output("y", "FP32", "batch", 1).Node("Neg", ["x"], ["n"]).Node("Relu", ["n"], ["y"]),
        "Constant" => new OnnxGraphBuilder()
            .Input("x", "FP32", "batch", 2).Output("y", "FP32", "batch", 2).Node("Sub", ["x", "x"], ["y"]),
        "Fixed" => new OnnxGraphBuilder()
            .Input("x", "FP32", 1, 2).Output("y", "FP32", 1, 2).Node("Neg", ["x"], ["y"]),
        _ => throw new ArgumentOutOfRangeException(nameof(graph), graph, null),
    };
}
