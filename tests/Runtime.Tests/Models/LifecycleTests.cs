using Serving.Runtime.Inference;
using Serving.Runtime.Models;
using Serving.Runtime.Tests.Batching;
using Serving.TestKit.Graphs;

namespace Serving.Runtime.Tests.Models;

public sealed class LifecycleTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Unload_ThenLoad_IsStickyUntilLoaded()
    {
        using var folder = TestModels.Save(("model", TestModels.Square()), ("other", TestModels.Square()));
        await using var fixture = await EngineFixture.StartAsync(folder.Path);
        Assert.Null(await fixture.Engine.UnloadAsync("MODEL", None));
        var refused = await fixture.Engine.InferAsync(One("model"), None);
        Assert.Equal(InferenceError.NotReady, refused.Failure?.Error);
        Assert.Null(fixture.Engine.CheckReady("other"));
        Assert.Null(await fixture.Engine.LoadAsync("model", None));
        using var response = await fixture.InferAsync(One("model"));
        Assert.Equal([4f], response.Floats("y"));
    }

    [Fact]
    public async Task Unload_WhileAResponseIsHeld_ItsMemoryStaysValid()
    {
        using var folder = TestModels.Save(("model", TestModels.Square()));
        await using var fixture = await EngineFixture.StartAsync(folder.Path);
        var values = Enumerable.Range(0, 10_000).Select(i => (float)i).ToArray();
        using var response = await fixture.InferAsync(Requests.To("model", Requests.Floats("x", [1, values.Length], values)));
        Assert.Null(await fixture.Engine.UnloadAsync("model", None));
        Assert.Equal(values.Select(v => v * v), response.Floats("y"));
    }

    [Fact]
    public async Task Files_Changed_AreReloadedWithoutAFailedRequest()
    {
        using var folder = TestModels.Save(("model", TestModels.Square()));
        await using var fixture = await EngineFixture.StartAsync(folder.Path);
        var replaced = false;
        for (var i = 0; !replaced; i++)
        {
            if (i == 20)
            {
                Replace(folder, Doubled());
            }

            using var response = await fixture.InferAsync(One("model"));
            var answer = Assert.Single(response.Floats("y"));
            Assert.True(answer == 4 || i >= 20, $"{answer} before the files changed");
            replaced = answer == 5;
        }
    }

    [Fact]
    public async Task Files_ChangedToGarbage_TheOldGoOnAndTheReasonIsShown()
    {
        using var folder = TestModels.Save(("model", TestModels.Square()));
        await using var fixture = await EngineFixture.StartAsync(folder.Path);
        File.WriteAllText(folder["model/1/next"], "not a model");
        File.Move(folder["model/1/next"], folder["model/1/model.onnx"], overwrite: true);
        Assert.NotNull(await fixture.Engine.LoadAsync("model", None));
        using var response = await fixture.InferAsync(One("model"));
        Assert.Equal([4f], response.Floats("y"));
        Assert.Contains("files before are still served", fixture.Engine.GetIndex().Single().Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("versions: all", "1 2 3")]
    [InlineData("versions: { latest: 2 }", "2 3")]
    [InlineData("versions: { specific: [1] }", "1")]
    [InlineData("", "3")]
    public async Task Versions_Policy_ChoosesWhatIsReady(string yaml, string ready)
    {
        using var folder = TestModels.Save(("model", TestModels.Square()));
        TestModels.Square().Save(folder["model/2/model.onnx"]);
        TestModels.Square().Save(folder["model/3/model.onnx"]);
        if (yaml.Length > 0)
        {
            folder.Write("model/model.yaml", yaml);
        }

        await using var fixture = await EngineFixture.StartAsync(folder.Path);
        Assert.Equal(ready, string.Join(' ', fixture.Engine.GetIndex(readyOnly: true).Select(m => m.Version)));
        var unknown = await fixture.Engine.InferAsync(new InferenceRequest { ModelName = "model", ModelVersion = "9", Inputs = [] }, None);
        Assert.Equal(InferenceError.NotFound, unknown.Failure?.Error);
    }

    [Fact]
    public async Task Repository_WithBrokenModels_ServesTheOthersAndSaysWhy()
    {
        using var folder = TestModels.Save(("good", TestModels.Square()), ("missing", new OnnxGraphBuilder()
            .Input("x", "FP32", "n").Output("y", "FP32", "n").ExternalWeight("w", [1], "weights.bin", 4).Node("Add", ["x", "w"], ["y"])));
        folder.Write("garbage/1/model.onnx", "garbage").Write("config/model.yaml", "max_batch_rows: -1\nnonsense: 1");
        TestModels.Square().Save(folder["config/1/model.onnx"]);
        await using var fixture = await EngineFixture.StartAsync(folder.Path);
        var index = fixture.Engine.GetIndex().ToDictionary(m => m.Name);
        Assert.Equal(ModelState.Ready, index["good"].State);
        Assert.Contains("'weights.bin'", index["missing"].Reason, StringComparison.Ordinal);
        Assert.Contains("not an ONNX model", index["garbage"].Reason, StringComparison.Ordinal);
        Assert.Contains("max_batch_rows", index["config"].Reason, StringComparison.Ordinal);
        Assert.Contains("nonsense", index["config"].Reason, StringComparison.Ordinal);
        Assert.True(fixture.Engine.IsReady);
    }

    [Fact]
    public async Task Providers_ThatAreNotToBeHad_AreRefusedWithReasonsAndTheNextIsUsed()
    {
        using var folder = TestModels.Save(("model", TestModels.Square()));
        folder.Write("model/model.yaml", "providers: [tensorrt, cuda, directml, cpu]");
        await using var fixture = await EngineFixture.StartAsync(folder.Path);
        Assert.True(fixture.Engine.GetDetails("model").TryGetValue(out var details, out _));
        Assert.Equal("cpu", details![0].Provider);
        Assert.Equal(["cuda", "directml", "tensorrt"], details[0].RefusedProviders.Keys.Order());
        Assert.All(details[0].RefusedProviders.Values, reason => Assert.NotEmpty(reason));
    }

    [Fact]
    public async Task ExternalWeights_BeyondTwoGigabytes_AreLoaded()
    {
        const long rows = 560_000_000;
        using var folder = TestModels.Save(("large", new OnnxGraphBuilder()
            .Input("x", "FP32", "batch", 1).Output("y", "FP32", "batch", 1)
            .ExternalWeight("w", [rows, 1], "weights.bin", rows * sizeof(float))
            .Weight("last", [1], rows - 1).Node("Gather", ["w", "last"], ["row"]).Node("Add", ["x", "row"], ["y"])));
        folder.Write("large/model.yaml", "optimization: { level: none }");
        using (var weights = new FileStream(folder["large/1/weights.bin"], FileMode.CreateNew))
        {
            // Sparse: only the last row takes room on the disk.
            weights.SetLength(rows * sizeof(float));
            weights.Seek(-sizeof(float), SeekOrigin.End);
            weights.Write(BitConverter.GetBytes(7f));
        }

        await using var fixture = await EngineFixture.StartAsync(folder.Path);
        using var response = await fixture.InferAsync(Requests.To("large", Requests.Floats("x", [1, 1], 3)));
        Assert.Equal([10f], response.Floats("y"));
    }

    [Fact]
    public async Task ExternalWeights_WrittenOverWhileServed_HarmNothing()
    {
        const long rows = 1_000_000;
        using var folder = TestModels.Save(("model", new OnnxGraphBuilder()
            .Input("ids", "INT64", "batch", 1).Output("y", "FP32", "batch", 1, 1)
            .ExternalWeight("w", [rows, 1], "weights.bin", rows * sizeof(float)).Node("Gather", ["w", "ids"], ["y"])));
        using (var weights = new FileStream(folder["model/1/weights.bin"], FileMode.CreateNew))
        {
            weights.SetLength(rows * sizeof(float));
            weights.Seek(-sizeof(float), SeekOrigin.End);
            weights.Write(BitConverter.GetBytes(7f));
        }

        await using var fixture = await EngineFixture.StartAsync(folder.Path);

        // Mapped into memory, this would end the process at the next request.
        File.WriteAllBytes(folder["model/1/weights.bin"], []);
        using var response = await fixture.InferAsync(Requests.To("model", Requests.Longs("ids", [1, 1], rows - 1)));
        Assert.Equal([7f], response.Floats("y"));
        var failure = await fixture.Engine.LoadAsync("model", None);
        Assert.Contains("'weights.bin' has 0 bytes; the graph expects weight 'w' at 0 with 4000000 bytes", failure?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ExplicitControl_LoadsOnlyWhatIsAskedFor()
    {
        using var folder = TestModels.Save(("a", TestModels.Square()), ("b", TestModels.Square()));
        await using var fixture = await EngineFixture.StartAsync(folder.Path, o => o.ModelControlMode = ModelControlMode.Explicit);
        Assert.Empty(fixture.Engine.GetIndex(readyOnly: true));
        Assert.Null(await fixture.Engine.LoadAsync("b", None));
        Assert.Equal("b", Assert.Single(fixture.Engine.GetIndex(readyOnly: true)).Name);
        Assert.Equal(InferenceError.NotFound, (await fixture.Engine.LoadAsync("c", None))?.Error);
    }

    private static InferenceRequest One(string model) => Requests.To(model, Requests.Floats("x", [1, 1], 2));

    private static OnnxGraphBuilder Doubled() => new OnnxGraphBuilder()
        .Input("x", "FP32", "batch", "n").Output("y", "FP32", "batch", "n")
        .Weight("three", [1], 3f).Node("Add", ["x", "three"], ["y"]);

    private static void Replace(Repository.ScratchFolder folder, OnnxGraphBuilder graph)
    {
        graph.Save(folder["model/1/next.tmp"]);
        File.Move(folder["model/1/next.tmp"], folder["model/1/model.onnx"], overwrite: true);
    }
}
