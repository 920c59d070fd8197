using Serving.Runtime.Inference;
using Serving.Runtime.Tests.Batching;
using Serving.Runtime.Tests.Repository;
using Serving.TestKit.Graphs;

namespace Serving.Runtime.Tests.Models;

public sealed class VersionLabelsTests
{
    private const string Yaml = "versions: all\nlabels: {stable: 1, canary: 2}";

    [Fact]
    public async Task Infer_ByLabel_ReachesItsVersion()
    {
        using var folder = Save(Yaml);
        await using var fixture = await EngineFixture.StartAsync(folder.Path);

        Assert.Equal(("1", 11f), await InferAsync(fixture, "stable"));
        Assert.Equal(("2", 12f), await InferAsync(fixture, "canary"));
        Assert.Equal(("3", 13f), await InferAsync(fixture, ""));
        Assert.Equal(("3", 13f), await InferAsync(fixture, "3"));
        Assert.Null(fixture.Engine.CheckReady("model", "stable"));
        Assert.Equal("model", fixture.Engine.GetMetadata("model", "canary").TryGetValue(out var metadata, out _) ? metadata!.Name : "");
        Assert.Equal("2", fixture.Engine.GetStatistics("model", "canary").TryGetValue(out var statistics, out _) ? Assert.Single(statistics!).Version : "");
        Assert.Null(fixture.Engine.GetConfiguration("model", "stable").Failure);
        Assert.True(fixture.Engine.GetDetails("model", "canary").TryGetValue(out var details, out _));
        Assert.Equal(["canary"], Assert.Single(details!).Labels);
    }

    [Fact]
    public async Task Infer_UnknownLabel_IsNotFoundAndNamesTheKnown()
    {
        using var folder = Save(Yaml);
        await using var fixture = await EngineFixture.StartAsync(folder.Path);

        var failure = (await fixture.Engine.InferAsync(Request("Stable"), CancellationToken.None)).Failure;

        Assert.Equal(InferenceError.NotFound, failure?.Error);
        Assert.Equal("Request for unknown model: 'model' version Stable is not found; its labels are 'canary', 'stable'", failure?.Message);
    }

    [Fact]
    public async Task Infer_LabelOfAVersionThatIsNotServed_IsNotReady()
    {
        using var folder = Save("labels: {stable: 1}");
        await using var fixture = await EngineFixture.StartAsync(folder.Path);

        Assert.Equal(InferenceError.NotReady, fixture.Engine.CheckReady("model", "stable")?.Error);
    }

    [Fact]
    public async Task Labels_Moved_NeverFailARequest()
    {
        using var folder = Save("versions: {specific: [1]}\nlabels: {stable: 1}");
        await using var fixture = await EngineFixture.StartAsync(folder.Path);
        for (var i = 0; i < 20 || await InferAsync(fixture, "stable") != ("2", 12f); i++)
        {
            Assert.Contains(await InferAsync(fixture, "stable"), new[] { ("1", 11f), ("2", 12f) });
            if (i == 10)
            {
                // The label moves at once with the version that it names; the one before goes.
                folder.Write("model/model.yaml", "versions: {specific: [2]}\nlabels: {stable: 2}", ScratchFolder.Written.AddHours(1));
            }
        }
    }

    private static ScratchFolder Save(string yaml)
    {
        var folder = new ScratchFolder();
        for (var version = 1; version <= 3; version++)
        {
            new OnnxGraphBuilder().Input("x", "FP32", "batch", 1).Output("y", "FP32", "batch", 1)
                .Weight("w", [1], 10f + version).Node("Mul", ["x", "w"], ["y"]).Save(folder[$"model/{version}/model.onnx"]);
        }

        return folder.Write("model/model.yaml", yaml);
    }

    private static async Task<(string Version, float Answer)> InferAsync(EngineFixture fixture, string version)
    {
        using var response = await fixture.InferAsync(Request(version));
        return (response.ModelVersion, Assert.Single(response.Floats("y")));
    }

    private static InferenceRequest Request(string version) =>
        new() { ModelName = "model", ModelVersion = version, Inputs = [Requests.Floats("x", [1, 1], 1f)] };
}
