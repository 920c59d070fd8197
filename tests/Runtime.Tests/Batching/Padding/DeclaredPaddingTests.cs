using Serving.Runtime.Models;
using Serving.TestKit.Graphs;

namespace Serving.Runtime.Tests.Batching.Padding;

/// <summary>What <c>axes</c> and <c>padding</c> in model.yaml make of a model.</summary>
public sealed class DeclaredPaddingTests
{
    private const string Lengths = "axes:\n  x: [batch, length]\n  y: [batch, length]\n";

    [Theory]
    [InlineData("", BatchingMode.Padded)]
    [InlineData(Lengths, BatchingMode.Padded)]
    [InlineData("padding: none\n", BatchingMode.EqualShapes)]
    [InlineData(Lengths + "padding: none\n", BatchingMode.EqualShapes)]
    [InlineData("axes:\n  x: [batch, null]\n  y: [batch, null]\n", BatchingMode.EqualShapes)]
    [InlineData("max_batch_rows: 1\n", BatchingMode.None)]
    public async Task Load_RowsThatPaddingLeavesAlone_ArePaddedUnlessForbidden(string yaml, BatchingMode mode)
    {
        using var folder = TestModels.Save(("model", TestModels.Square()));
        folder.Write("model/model.yaml", yaml);
        await using var fixture = await EngineFixture.StartAsync(folder.Path);

        Assert.Equal(mode, BatchingOf(fixture).Mode);
    }

    [Fact]
    public async Task Load_DeclaredLengthThatPaddingChanges_OnlyEqualShapesShareABatch()
    {
        var mean = new OnnxGraphBuilder().Input("x", "FP32", "batch", "n").Output("y", "FP32", "batch", 1)
            .Node("ReduceMean", ["x"], ["y"], ("axes", new long[] { 1 }), ("keepdims", 1));
        using var folder = TestModels.Save(("model", mean));
        folder.Write("model/model.yaml", "axes:\n  x: [batch, length]\n  y: [batch, null]\n");
        await using var fixture = await EngineFixture.StartAsync(folder.Path);

        var batching = BatchingOf(fixture);

        Assert.Equal(BatchingMode.EqualShapes, batching.Mode);
        Assert.Contains("output 'y' changes when a row is padded", batching.Evidence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", BatchingMode.EqualShapes)]
    [InlineData("padding: {ids: 4}\n", BatchingMode.EqualShapes)]
    [InlineData("padding: {ids: 5}\n", BatchingMode.Padded)]
    [InlineData("padding: {ids: 5}\naxes:\n  ids: [batch, length]\n  y: [batch]\n", BatchingMode.Padded)]
    public async Task Load_GraphWithAPaddingIdOfItsOwn_IsPaddedOnlyWithThat(string yaml, BatchingMode mode)
    {
        using var folder = TestModels.Save(("model", SumBesidesFives()));
        folder.Write("model/model.yaml", yaml);
        await using var fixture = await EngineFixture.StartAsync(folder.Path);

        var batching = BatchingOf(fixture);

        Assert.Equal(mode, batching.Mode);
        Assert.Equal(mode == BatchingMode.Padded, batching.PaddingValues.TryGetValue("ids", out var value) && value == 5);
    }

    [Fact]
    public async Task Infer_PaddedWithADeclaredValue_AnsweredAsAlone()
    {
        using var folder = TestModels.Save(("model", SumBesidesFives()));
        folder.Write("model/model.yaml", "padding: {ids: 5}\n");
        await using var fixture = await EngineFixture.StartAsync(folder.Path, options => options.Threads = 1);

        var answers = await Task.WhenAll(Enumerable.Range(1, 20).Select(length =>
            fixture.InferAsync(Requests.To("model", Requests.Longs("ids", [1, length], [.. Enumerable.Repeat(7L, length)])))));

        for (var i = 0; i < answers.Length; i++)
        {
            Assert.Equal([17f * (i + 1)], answers[i].Floats("y"));
            answers[i].Dispose();
        }
    }

    [Fact]
    public async Task Load_PaddingOfAnUnknownInput_IsRefused()
    {
        using var folder = TestModels.Save(("model", TestModels.Square()));
        folder.Write("model/model.yaml", "padding: {z: 1}\n");
        await using var fixture = await EngineFixture.StartAsync(folder.Path);

        var status = Assert.Single(fixture.Engine.GetIndex());

        Assert.Equal(ModelState.Unavailable, status.State);
        Assert.Contains("padding.z: the graph has no such input", status.Reason, StringComparison.Ordinal);
    }

    // y = the sum of id + 10 over the ids that are not 5, the padding.
    private static OnnxGraphBuilder SumBesidesFives() => new OnnxGraphBuilder()
        .Input("ids", "INT64", "batch", "n").Output("y", "FP32", "batch")
        .Weight("five", [], 5L).Weight("axis", [1], 1L).Weight("ten", [], 10f).Weight("nothing", [], 0f)
        .Node("Equal", ["ids", "five"], ["isPadding"])
        .Node("Cast", ["ids"], ["floats"], ("to", 1))
        .Node("Add", ["floats", "ten"], ["more"])
        .Node("Where", ["isPadding", "nothing", "more"], ["kept"])
        .Node("ReduceSum", ["kept", "axis"], ["y"], ("keepdims", 0));

    private static BatchingDetails BatchingOf(EngineFixture fixture)
    {
        Assert.True(fixture.Engine.GetDetails("model").TryGetValue(out var details, out var failure), failure?.ToString());
        return Assert.Single(details!).Batching!;
    }
}
