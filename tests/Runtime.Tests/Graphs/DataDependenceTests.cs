using Serving.Runtime.Graphs;
using Serving.TestKit.Graphs;

namespace Serving.Runtime.Tests.Graphs;

/// <summary>What follows from the contents of the input "x" of small graphs, at their output "y".</summary>
public sealed class DataDependenceTests
{
    [Theory]
    [InlineData("Relu", "Values")]
    [InlineData("Shape", "None")]
    [InlineData("NonZero", "Values, Extents")]
    [InlineData("ReduceMax", "Values")]
    public void On_OneOperator_KnowsWhatItKeeps(string type, string expected) =>
        Assert.Equal(expected, Of(Graph().Node(type, ["x"], ["y"])));

    [Fact]
    public void On_ShapeOfWhatWasFound_FollowsFromTheContents() =>
        Assert.Equal("Values", Of(Graph().Node("NonZero", ["x"], ["found"]).Node("Shape", ["found"], ["y"])));

    [Fact]
    public void On_ReshapeToAnExtentFromContents_HasSuchExtents() =>
        Assert.Equal("Values, Extents", Of(Graph().Node("Cast", ["x"], ["shape"], ("to", 7)).Node("Reshape", ["w", "shape"], ["y"])));

    [Fact]
    public void On_ReshapeToTheInputsOwnExtents_KeepsThem() =>
        Assert.Equal("Values", Of(Graph().Node("Shape", ["x"], ["shape"]).Node("Reshape", ["x", "shape"], ["y"])));

    [Fact]
    public void On_FoundListScatteredIntoAFixedShape_IsStillTakenToHaveSuchExtents() =>
        Assert.Equal("Values, Extents", Of(Graph().Node("NonZero", ["x"], ["found"]).Node("ScatterND", ["w", "found", "v"], ["y"])));

    [Fact]
    public void On_InputThatIsNotFollowed_IsGiven()
    {
        var graph = Read(Graph().Input("other", "FP32", 1).Node("Relu", ["other"], ["y"]));
        Assert.Equal(Dependence.None, DataDependence.On(graph, ["x"]).Of("y"));
    }

    [Fact]
    public void On_BranchDecidedByContents_MayBeAnything() => Assert.Equal("Values, Extents", Of(Graph()
        .Node("If", ["x"], ["y"], ("then_branch", Constant("a")), ("else_branch", Constant("b")))));

    [Fact]
    public void On_BranchDecidedByAnother_FollowsWhatTheBranchesRead() => Assert.Equal("Values", Of(Graph()
        .Input("flag", "BOOL")
        .Node("If", ["flag"], ["y"], ("then_branch", new OnnxGraphBuilder().Node("Relu", ["x"], ["a"]).Output("a", "FP32", 1)), ("else_branch", Constant("b")))));

    [Fact]
    public void On_LoopThatCarriesContents_FollowsThemRound() => Assert.Equal("Values", Of(Graph()
        .Input("count", "INT64").Input("go", "BOOL")
        .Node("Loop", ["count", "go", "w", "v"], ["first", "y"], ("body", new OnnxGraphBuilder()
            .Input("i", "INT64").Input("c", "BOOL").Input("p", "FP32", 1).Input("q", "FP32", 1)
            .Node("Add", ["p", "x"], ["p2"]).Node("Identity", ["p"], ["q2"])
            .Output("c", "BOOL").Output("p2", "FP32", 1).Output("q2", "FP32", 1)))));

    [Fact]
    public void On_LoopThatEndsByContents_MayBeAnything() => Assert.Equal("Values, Extents", Of(Graph()
        .Input("count", "INT64").Input("go", "BOOL")
        .Node("Loop", ["count", "go", "w"], ["y"], ("body", new OnnxGraphBuilder()
            .Input("i", "INT64").Input("c", "BOOL").Input("p", "FP32", 1)
            .Node("Greater", ["x", "p"], ["c2"]).Node("Identity", ["p"], ["p2"])
            .Output("c2", "BOOL").Output("p2", "FP32", 1)))));

    [Fact]
    public void Read_BodiesDeeperThanAnyExporterMakes_AreRefused()
    {
        var body = Constant("a");
        for (var depth = 0; depth < 40; depth++)
        {
            body = new OnnxGraphBuilder().Node("If", ["c"], ["a"], ("then_branch", body)).Output("a", "FP32", 1);
        }

        Assert.Contains("more than 32 deep", Assert.Throws<InvalidDataException>(() => Read(body)).Message, StringComparison.Ordinal);
    }

    private static OnnxGraphBuilder Constant(string name) =>
        new OnnxGraphBuilder().Node("Identity", ["w"], [name]).Output(name, "FP32", 1);

    private static OnnxGraphBuilder Graph() => new OnnxGraphBuilder()
        .Input("x", "FP32", "batch").Input("w", "FP32", 4).Input("v", "FP32", 4).Output("y", "FP32", "n");

    private static string Of(OnnxGraphBuilder graph) => DataDependence.On(Read(graph), ["x"]).Of("y").ToString();

    private static OnnxGraph Read(OnnxGraphBuilder graph) => OnnxGraphReader.Read(new MemoryStream(graph.ToBytes()));
}
