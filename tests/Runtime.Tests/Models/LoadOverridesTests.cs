using Serving.Runtime.Inference;
using Serving.Runtime.Models;
using Serving.Runtime.Tests.Batching;
using Serving.TestKit.Graphs;

namespace Serving.Runtime.Tests.Models;

public sealed class LoadOverridesTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Load_WithAConfiguration_TakesThePlaceOfTheModelsOwnUntilTheNextLoad()
    {
        using var folder = TestModels.Save(("model", TestModels.Square()));
        folder.Write("model/model.yaml", "max_batch_rows: 3");
        await using var fixture = await EngineFixture.StartAsync(folder.Path);

        Assert.Null(await LoadAsync(fixture, "MODEL", """{"name": "model", "max_batch_size": 7}"""));
        Assert.Equal(7, Batch(fixture));
        await AssertAnswersAsync(fixture, 4);

        Assert.Null(await fixture.Engine.LoadAsync("model", None).AsTask().WaitAsync(EngineFixture.Timeout));
        Assert.Equal(3, Batch(fixture));
    }

    [Fact]
    public async Task Load_WithAConfiguration_LastsUntilTheFilesChange()
    {
        using var folder = TestModels.Save(("model", TestModels.Square()), ("other", TestModels.Square()));
        await using var fixture = await EngineFixture.StartAsync(folder.Path);
        Assert.Null(await LoadAsync(fixture, "model", """{"max_batch_size": 7}"""));

        // That the other was followed says that the repository was looked at meanwhile.
        folder.Write("other/model.yaml", "max_batch_rows: 5", Repository.ScratchFolder.Written.AddDays(1));
        await UntilAsync(() => Batch(fixture, "other") == 5);
        Assert.Equal(7, Batch(fixture));

        folder.Write("model/model.yaml", "max_batch_rows: 6", Repository.ScratchFolder.Written.AddDays(1));
        await UntilAsync(() => Batch(fixture) == 6);
    }

    [Theory]
    [InlineData(ModelControlMode.Poll)]
    [InlineData(ModelControlMode.Explicit)]
    [InlineData(ModelControlMode.None)]
    public async Task Load_FilesOfAModelThatIsInNoRepository_ServesItUntilItIsUnloaded(ModelControlMode mode)
    {
        using var folder = TestModels.Save(("other", TestModels.Square()));
        await using var fixture = await EngineFixture.StartAsync(folder.Path, options => options.ModelControlMode = mode);

        Assert.Null(await LoadAsync(fixture, "fresh", """{"version_policy": {"all": {}}}""", ("3/model.onnx", Plus(3)), ("12/deep/er/model.onnx", Plus(9)), ("12/model.onnx", Plus(12))));
        await AssertAnswersAsync(fixture, 14, "fresh");
        await AssertAnswersAsync(fixture, 5, "Fresh", "3");
        var upload = UploadOf(fixture, "fresh");
        Assert.True(File.Exists(Path.Combine(upload, "12", "deep", "er", "model.onnx")));
        Assert.Null(await LoadAsync(fixture, "fresh", "{}", ("1/model.onnx", Plus(1))));
        await AssertAnswersAsync(fixture, 3, "fresh");
        Assert.False(Directory.Exists(upload));
        Assert.Equal(["1"], fixture.Engine.GetIndex().Where(m => m.Name == "fresh").Select(m => m.Version));

        upload = UploadOf(fixture, "fresh");
        Assert.Null(await fixture.Engine.UnloadAsync("fresh", None).AsTask().WaitAsync(EngineFixture.Timeout));
        Assert.False(Directory.Exists(upload));
        Assert.Equal(InferenceError.NotFound, fixture.Engine.CheckReady("fresh")?.Error);
        Assert.Equal("other", Assert.Single(fixture.Engine.GetIndex()).Name);
    }

    [Fact]
    public async Task Load_Files_OutlivePollsAndGoWithTheEngine()
    {
        using var folder = TestModels.Save(("other", TestModels.Square()));
        string upload;
        await using (var fixture = await EngineFixture.StartAsync(folder.Path))
        {
            Assert.Null(await LoadAsync(fixture, "fresh", "{}", ("1/model.onnx", Plus(1))));
            upload = UploadOf(fixture, "fresh");
            folder.Write("other/model.yaml", "max_batch_rows: 5", Repository.ScratchFolder.Written.AddDays(1));
            await UntilAsync(() => Batch(fixture, "other") == 5);
            await AssertAnswersAsync(fixture, 3, "fresh");
        }

        Assert.False(Directory.Exists(upload));
    }

    [Fact]
    public async Task Load_FilesOfAModelInTheRepository_AreServedInPlaceOfItsOwnUntilThoseChange()
    {
        using var folder = TestModels.Save(("model", TestModels.Square()));
        TestModels.Square().Save(folder["model/2/model.onnx"]);
        await using var fixture = await EngineFixture.StartAsync(folder.Path);
        Assert.Null(await LoadAsync(fixture, "model", "{}", ("1/model.onnx", Plus(1))));
        await AssertAnswersAsync(fixture, 3);
        Assert.Equal("1", Assert.Single(fixture.Engine.GetIndex()).Version);

        Assert.Null(await fixture.Engine.UnloadAsync("model", None).AsTask().WaitAsync(EngineFixture.Timeout));
        Assert.Equal(InferenceError.NotReady, fixture.Engine.CheckReady("model")?.Error);
        Assert.Null(await LoadAsync(fixture, "model", "{}", ("1/model.onnx", Plus(1))));
        await AssertAnswersAsync(fixture, 3);

        Plus(5).Save(folder["model/2/model.onnx"]);
        await UntilAsync(() => fixture.Engine.CheckReady("model", "2") is null);
        await AssertAnswersAsync(fixture, 7);
    }

    [Fact]
    public async Task Load_FileInTheRepositoryUnderTheNameOfAnUpload_TakesItsPlace()
    {
        using var folder = TestModels.Save(("other", TestModels.Square()));
        await using var fixture = await EngineFixture.StartAsync(folder.Path);
        Assert.Null(await LoadAsync(fixture, "fresh", "{}", ("1/model.onnx", Plus(1))));
        var upload = UploadOf(fixture, "fresh");

        TestModels.Square().Save(folder["fresh/2/model.onnx"]);

        await UntilAsync(() => fixture.Engine.CheckReady("fresh", "2") is null);
        await AssertAnswersAsync(fixture, 4, "fresh");
        await UntilAsync(() => !Directory.Exists(upload));
    }

    [Theory]
    [InlineData("{", "no valid JSON")]
    [InlineData("""{"max_batch_sizes": 1}""", "did you mean 'max_batch_size'")]
    [InlineData("""{"name": "another"}""", "allowed is the model's name by its folder, 'model'")]
    [InlineData("""{"version_policy": {"specific": {"versions": [9]}}}""", "the version policy chooses none of the versions 1")]
    [InlineData("""{"default_model_filename": "other.onnx"}""", "does not exist; the configuration names it")]
    [InlineData("""{"input": [{"name": "nobody", "dims": [1]}]}""", "input 'nobody' is not in the graph")]
    [InlineData("""{"model_operations": {"op_library_filename": ["evil.so"]}}""", "the library 'evil.so' is not one")]
    public async Task Load_WithAConfigurationThatIsWrong_LeavesWhatIsServedAndSaysWhy(string config, string expected)
    {
        using var folder = TestModels.Save(("model", TestModels.Square()));
        await using var fixture = await EngineFixture.StartAsync(folder.Path, options => options.MaxBatchRows = 11);

        var failure = await LoadAsync(fixture, "model", config);

        Assert.Equal(InferenceError.InvalidInput, failure?.Error);
        Assert.Contains(expected, failure?.Message, StringComparison.Ordinal);
        Assert.StartsWith("failed to load 'model': ", failure?.Message, StringComparison.Ordinal);
        await AssertUntouchedAsync(fixture);
    }

    [Theory]
    [InlineData("../../x")]
    [InlineData("1/../../x")]
    [InlineData("1/../x")]
    [InlineData("/etc/passwd")]
    [InlineData("1//x")]
    [InlineData("1/")]
    [InlineData("1")]
    [InlineData("")]
    [InlineData("x/model.onnx")]
    [InlineData("0/model.onnx")]
    [InlineData("01/model.onnx")]
    [InlineData("-1/model.onnx")]
    [InlineData("1/.hidden")]
    [InlineData("1/a\\..\\b")]
    [InlineData("1/a\0b")]
    [InlineData("1/c:x")]
    [InlineData("1/a/b/c/d/e/f/g/h")]
    public async Task Load_WithAFileThatMayNotBe_WritesNothingAndLeavesWhatIsServed(string path)
    {
        using var folder = TestModels.Save(("model", TestModels.Square()));
        await using var fixture = await EngineFixture.StartAsync(folder.Path, options => options.MaxBatchRows = 11);

        var failure = await LoadAsync(fixture, "model", "{}", ("1/model.onnx", Plus(1)), (path, Plus(1)));

        Assert.Equal(InferenceError.InvalidInput, failure?.Error);
        Assert.Contains($"the file '{path}' cannot be taken; allowed is VERSION/NAME", failure?.Message, StringComparison.Ordinal);
        await AssertUntouchedAsync(fixture);
    }

    [Fact]
    public async Task Load_WithFilesThatDoNotLoad_LeavesWhatIsServed()
    {
        using var folder = TestModels.Save(("model", TestModels.Square()));
        await using var fixture = await EngineFixture.StartAsync(folder.Path, options => options.MaxBatchRows = 11);
        var good = Plus(1).ToBytes();
        foreach (var (files, expected) in new (Dictionary<string, ReadOnlyMemory<byte>> Files, string Expected)[]
        {
            (new() { ["5/model.onnx"] = "garbage"u8.ToArray() }, "not an ONNX model"),
            (new() { ["5/model.onnx"] = Array.Empty<byte>() }, "failed to load"),
            (new() { ["5/readme.txt"] = good }, "there is no ONNX graph"),
            (new() { ["5/model.onnx"] = good, ["5/model.onnx/x"] = good }, "could not be written"),
            (new() { ["5/model.onnx"] = good, ["6/model.onnx"] = "garbage"u8.ToArray() }, "not an ONNX model"),
            (Enumerable.Range(1, 1001).ToDictionary(i => $"{i}/model.onnx", _ => (ReadOnlyMemory<byte>)good), "1001 files are given; allowed are 1000"),
        })
        {
            var overrides = new LoadOverrides { Config = """{"version_policy": {"all": {}}}""", Files = files };
            var failure = await fixture.Engine.LoadAsync("model", overrides, None).AsTask().WaitAsync(EngineFixture.Timeout);
            Assert.Contains(expected, failure?.Message, StringComparison.Ordinal);
            await AssertUntouchedAsync(fixture);
            Assert.Contains(expected, (await fixture.Engine.LoadAsync("fresh", overrides, None).AsTask().WaitAsync(EngineFixture.Timeout))?.Message, StringComparison.Ordinal);
            Assert.Equal(InferenceError.NotFound, fixture.Engine.CheckReady("fresh")?.Error);
        }
    }

    [Theory]
    [InlineData("nobody", "no model of that name is in the repository, and no files are given")]
    public async Task Load_WithAConfigurationOnly_NeedsTheModelInTheRepository(string model, string expected)
    {
        using var folder = TestModels.Save(("model", TestModels.Square()));
        await using var fixture = await EngineFixture.StartAsync(folder.Path);

        var failure = await LoadAsync(fixture, model, "{}");

        Assert.Equal(InferenceError.NotFound, failure?.Error);
        Assert.Contains(expected, failure?.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("a\nb")]
    public async Task Load_FilesUnderANameThatNoFolderHas_IsRefused(string name)
    {
        using var folder = TestModels.Save(("model", TestModels.Square()));
        await using var fixture = await EngineFixture.StartAsync(folder.Path);

        Assert.Equal(InferenceError.InvalidInput, (await LoadAsync(fixture, name, "{}", ("1/model.onnx", Plus(1))))?.Error);
    }

    [Fact]
    public async Task Load_ABareFileWithAConfiguration_KeepsTheFile()
    {
        using var folder = new Repository.ScratchFolder();
        TestModels.Square().Save(folder["model.onnx"]);
        TestModels.Square().Save(folder["other.onnx"]);
        await using var fixture = await EngineFixture.StartAsync(folder.Path);

        Assert.Null(await LoadAsync(fixture, "model", """{"max_batch_size": 7, "default_model_filename": "model.onnx"}"""));
        Assert.Equal(7, Batch(fixture));
        Assert.Contains("'other.onnx', but the model is the file 'model.onnx'", (await LoadAsync(fixture, "model", """{"default_model_filename": "other.onnx"}"""))?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Load_ManyAtATime_LeavesOneOfThemAndNoFiles()
    {
        using var folder = TestModels.Save(("model", TestModels.Square()));
        await using var fixture = await EngineFixture.StartAsync(folder.Path);

        var failures = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => i % 4 == 0
            ? LoadAsync(fixture, i % 8 == 0 ? "model" : "fresh", "{}", ("1/model.onnx", null))
            : LoadAsync(fixture, i % 2 == 0 ? "model" : "fresh", "{}", ("1/model.onnx", Plus(1))))).WaitAsync(EngineFixture.Timeout);

        Assert.Equal(5, failures.Count(failure => failure is not null));
        await AssertAnswersAsync(fixture, 3);
        await AssertAnswersAsync(fixture, 3, "fresh");
        string[] uploads = [UploadOf(fixture, "model"), UploadOf(fixture, "fresh")];
        Assert.Null(await fixture.Engine.UnloadAsync("model", None).AsTask().WaitAsync(EngineFixture.Timeout));
        Assert.Null(await fixture.Engine.UnloadAsync("fresh", None).AsTask().WaitAsync(EngineFixture.Timeout));
        Assert.All(uploads, upload => Assert.False(Directory.Exists(upload)));
    }

    [Fact]
    public async Task Load_OfANewVersionThatIsBroken_KeepsTheOneBefore()
    {
        using var folder = TestModels.Save(("model", TestModels.Square()));
        await using var fixture = await EngineFixture.StartAsync(folder.Path);
        folder.Write("model/2/model.onnx", "junk");

        Assert.NotNull(await fixture.Engine.LoadAsync("model", None).AsTask().WaitAsync(EngineFixture.Timeout));

        await AssertAnswersAsync(fixture, 4);
        Assert.Equal([("1", ModelState.Ready), ("2", ModelState.Unavailable)], fixture.Engine.GetIndex().Select(m => (m.Version, m.State)));
    }

    private static OnnxGraphBuilder Plus(float amount) => new OnnxGraphBuilder()
        .Input("x", "FP32", "batch", "n").Output("y", "FP32", "batch", "n").Weight("w", [1], amount).Node("Add", ["x", "w"], ["y"]);

    private static async Task<InferenceFailure?> LoadAsync(EngineFixture fixture, string model, string config, params (string Path, OnnxGraphBuilder? Graph)[] files)
    {
        var overrides = new LoadOverrides
        {
            Config = config,
            Files = files.ToDictionary(file => file.Path, file => (ReadOnlyMemory<byte>)(file.Graph?.ToBytes() ?? "garbage"u8.ToArray())),
        };
        return await fixture.Engine.LoadAsync(model, overrides, None).AsTask().WaitAsync(EngineFixture.Timeout);
    }

    private static async Task AssertUntouchedAsync(EngineFixture fixture)
    {
        await AssertAnswersAsync(fixture, 4);
        Assert.Equal(11, Batch(fixture));
        Assert.Equal(("1", ModelState.Ready, ""), fixture.Engine.GetIndex().Select(m => (m.Version, m.State, m.Reason)).Single());
    }

    /// <summary>What the model makes of a 2.</summary>
    private static async Task AssertAnswersAsync(EngineFixture fixture, float expected, string model = "model", string? version = null)
    {
        using var response = await fixture.InferAsync(new InferenceRequest { ModelName = model, ModelVersion = version, Inputs = [Requests.Floats("x", [1, 1], 2)] });
        Assert.Equal([expected], response.Floats("y"));
    }

    private static int Batch(EngineFixture fixture, string model = "model") =>
        fixture.Engine.GetConfiguration(model).TryGetValue(out var configuration, out _) ? configuration!.MaxBatchSize : -1;

    private static string UploadOf(EngineFixture fixture, string model)
    {
        Assert.True(fixture.Engine.GetDetails(model).TryGetValue(out var details, out _));
        var folder = new FileInfo(details![0].File).Directory!.Parent!.FullName;
        Assert.StartsWith("serving-model-", Path.GetFileName(folder), StringComparison.Ordinal);
        return folder;
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(EngineFixture.Timeout);
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!condition())
        {
            await look.WaitForNextTickAsync(patience.Token);
        }
    }
}
