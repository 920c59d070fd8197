using Serving.Runtime.Models;
using Serving.Runtime.Tests.Batching;
using Serving.TestKit;

namespace Serving.Runtime.Tests.Models;

/// <summary>What is known of a model's costs when it becomes ready, before any request.</summary>
public sealed class CostSeedingTests
{
    [Fact]
    public async Task Load_ModelWithoutLengths_KnowsWhatRowsTake()
    {
        using var folder = TestModels.Save(("scaled", TestModels.Scaled()));
        await using var fixture = await EngineFixture.StartAsync(folder.Path);

        var costs = CostsOf(fixture, "scaled");

        AssertBegins([1, 2, 4, 8, 16, 32], costs);
        Assert.All(costs.Points, point => Assert.True(point is { Length: 1, Seconds: > 0 }, point.ToString()));
        Assert.Equal(costs.Points.Count, costs.Runs);
    }

    [Fact]
    public async Task Load_PaddedModel_KnowsWhatLengthsTake()
    {
        using var folder = TestModels.Save(("square", TestModels.Square()));
        await using var fixture = await EngineFixture.StartAsync(folder.Path);

        var costs = CostsOf(fixture, "square");

        Assert.Contains(costs.Points, point => point is { Rows: 1, Length: 16 });
        Assert.All(costs.Points, point => Assert.Contains(point.Length, (int[])[16, 32, 64, 128, 256, 512]));
    }

    [Theory]
    [InlineData("max_batch_rows: 1\n", new[] { 1 })]
    [InlineData("max_batch_rows: 4\n", new[] { 1, 2, 4 })]
    [InlineData("axes:\n  x: [batch, null]\n  y: [batch, null]\nmax_batch_rows: 2\n", new[] { 1, 2 })]
    public async Task Load_ConfiguredModel_KnowsWhatItsBatchesTake(string yaml, int[] rows)
    {
        using var folder = TestModels.Save(("model", TestModels.Scaled()));
        folder.Write("model/model.yaml", yaml);
        await using var fixture = await EngineFixture.StartAsync(folder.Path);

        AssertBegins(rows, CostsOf(fixture, "model"));
    }

    [Fact]
    public async Task Load_EveryModelOfTheZoo_KnowsItsCosts()
    {
        await using var fixture = await EngineFixture.StartAsync(Zoo.Root);

        var unknown = Zoo.Models.Keys.Where(model => CostsOf(fixture, model).Runs == 0).ToList();

        Assert.Empty(unknown);
    }

    // On a busy machine the time for it can be over before the largest batch was tried.
    private static void AssertBegins(int[] rows, ModelCosts costs)
    {
        Assert.NotEmpty(costs.Points);
        Assert.Equal(rows[..Math.Min(rows.Length, costs.Points.Count)], costs.Points.Select(point => point.Rows));
    }

    private static ModelCosts CostsOf(EngineFixture fixture, string model)
    {
        Assert.True(fixture.Engine.GetCosts(model).TryGetValue(out var costs, out var failure), failure?.ToString());
        return costs!;
    }
}
