using Serving.Runtime.Repository;

namespace Serving.Runtime.Tests.Repository;

public sealed class RepositoryScannerTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("bert.onnx", "bert:1=bert.onnx")]
    [InlineData("a.onnx b.onnx b.onnx.data notes.txt", "a:1=a.onnx b:1=b.onnx")]
    [InlineData("Bert/model.onnx Bert/model.onnx_data", "Bert:1=Bert/model.onnx")]
    [InlineData("bert/1/model.onnx bert/3/model.onnx bert/10/model.onnx", "bert:1=bert/1/model.onnx,3=bert/3/model.onnx,10=bert/10/model.onnx")]
    [InlineData("bert/2/weights.onnx", "bert:2=bert/2/weights.onnx")]
    [InlineData("bert/1/onnx/model.onnx", "bert:1=bert/1/onnx/model.onnx")]
    [InlineData("clip/config.json clip/model.onnx", "clip:1=clip/model.onnx")]
    [InlineData("clip/tokenizer.json clip/onnx/model.onnx clip/onnx/model_int8.onnx", "clip:1=clip/onnx/model.onnx")]
    [InlineData("clip/preprocessor_config.json clip/visual.onnx", "clip:1=clip/visual.onnx")]
    [InlineData("clip/onnx/model.onnx", "clip:1=clip/onnx/model.onnx")]
    [InlineData("text/bert/model.onnx text/small/1/model.onnx vision/resnet.onnx", "bert:1=text/bert/model.onnx small:1=text/small/1/model.onnx resnet:1=vision/resnet.onnx")]
    [InlineData("a/b/c/model.onnx", "")]
    [InlineData(".hidden.onnx .git/model.onnx x.onnx.tmp y.onnx.part z.tmp/model.onnx README.md docs/a.txt lost+found/model.onnx", "")]
    [InlineData("model.onnx other.onnx", "model:1=model.onnx other:1=other.onnx")]
    [InlineData("bert/model.onnx model.onnx", "model:1=model.onnx bert:1=bert/model.onnx")]
    [InlineData("bert/1/model.onnx config.json", "bert:1=bert/1/model.onnx")]
    [InlineData("BERT.ONNX", "BERT:1=BERT.ONNX")]
    public void Scan_Layout_IsUnderstood(string files, string expected)
    {
        _folder.Add(files.Split(' '));

        var sources = Scan();

        Assert.All(sources, s => Assert.Null(s.Error));
        Assert.All(sources, s => Assert.Empty(s.Config.Warnings));
        Assert.Equal(expected, Show(sources));
    }

    [Theory]
    [InlineData("model.onnx", null, "1=model.onnx")]
    [InlineData("model.onnx model.onnx.data", "bert", "1=model.onnx")]
    [InlineData("resnet50.onnx", "bert", "1=resnet50.onnx")]
    [InlineData("1/model.onnx 2/model.onnx", null, "1=1/model.onnx,2=2/model.onnx")]
    [InlineData("onnx/model.onnx config.json tokenizer.json", null, "1=onnx/model.onnx")]
    [InlineData("single.onnx config.json", "bert", "1=single.onnx")]
    public void Scan_RepositoryThatIsAModel_IsServedUnderTheNameGiven(string files, string? modelName, string versions)
    {
        _folder.Add(files.Split(' '));

        var sources = RepositoryScanner.Scan([_folder.Path], modelName).Sources;

        Assert.Equal($"{modelName ?? Path.GetFileName(_folder.Path)}:{versions}", Show(sources));
    }

    [Fact]
    public void Scan_RepositoryThatIsAModelWithPbtxt_TakesAnyNameUnlessOneIsGiven()
    {
        _folder.Add("1/model.onnx").Write("config.pbtxt", "name: 'bert'");

        Assert.Null(Assert.Single(Scan()).Error);
        Assert.Null(Assert.Single(RepositoryScanner.Scan([_folder.Path], "bert").Sources).Error);
        Assert.Contains("allowed is the model's name", Assert.Single(RepositoryScanner.Scan([_folder.Path], "gpt").Sources).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Scan_ModelNameWithOtherModels_NamesNone()
    {
        _folder.Add("a.onnx", "bert/model.onnx");

        Assert.Equal("a:1=a.onnx bert:1=bert/model.onnx", Show(RepositoryScanner.Scan([_folder.Path], "x").Sources));
    }

    [Theory]
    [InlineData("bert/model.yaml", "file: encoder.onnx")]
    [InlineData("bert/config.pbtxt", "default_model_filename: 'encoder.onnx'")]
    public void Scan_ConfigNamesTheGraph_ItIsTaken(string config, string text)
    {
        _folder.Add("bert/1/encoder.onnx", "bert/1/model.onnx", "bert/2/model.onnx").Write(config, text);

        var source = Assert.Single(Scan());

        Assert.Equal("bert:1=bert/1/encoder.onnx", Show([source]));
        Assert.Contains("encoder.onnx does not exist; the configuration names it", Assert.Single(source.Config.Warnings), StringComparison.Ordinal);
        Assert.Equal(_folder[config], source.Config.Source);
    }

    [Fact]
    public void Scan_FileUnderOnnx_IsTaken()
    {
        _folder.Add("clip/config.json", "clip/onnx/model.onnx", "clip/onnx/model_int8.onnx").Write("clip/model.yaml", "file: onnx/model_int8.onnx");

        Assert.Equal("clip:1=clip/onnx/model_int8.onnx", Show(Scan()));
    }

    [Fact]
    public void Scan_BothConfigs_YamlWinsWithAWarning()
    {
        _folder.Add("bert/model.onnx").Write("bert/model.yaml", "max_batch_rows: 3").Write("bert/config.pbtxt", "this is not even protobuf");

        var source = Assert.Single(Scan());

        Assert.Null(source.Error);
        Assert.Equal(3, source.Config.MaxBatchRows);
        Assert.Equal("config.pbtxt is not read, because there is a model.yaml", Assert.Single(source.Config.Warnings));
    }

    [Theory]
    [InlineData("model.yaml", "max_batch_rows: 0\nstate: {}", "max_batch_rows")]
    [InlineData("config.pbtxt", "name: 'other'", "allowed is the model's name by its folder, 'bert'")]
    public void Scan_WrongConfig_IsThatModelsErrorOnly(string file, string text, string error)
    {
        _folder.Add("bert/model.onnx", "good.onnx").Write("bert/" + file, text);

        var sources = Scan();

        Assert.Equal("good:1=good.onnx bert:", Show(sources));
        Assert.Null(sources[0].Error);
        Assert.StartsWith(_folder["bert/" + file], sources[1].Error, StringComparison.Ordinal);
        Assert.Contains(error, sources[1].Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bert/1/saved_model.pb", "there is no ONNX graph in {0}/bert/1: looked for model.onnx, onnx/model.onnx and a single file of another name")]
    [InlineData("bert/config.json bert/tokenizer.json bert/model.safetensors", "there is no ONNX graph in {0}/bert: looked for")]
    [InlineData("bert/1/a.onnx bert/1/b.onnx", "there are several graphs in {0}/bert/1 and none is model.onnx: a.onnx, b.onnx; name one with 'file' in model.yaml")]
    [InlineData("bert/model.yaml", "there is no ONNX graph in {0}/bert")]
    [InlineData("bert/01/model.onnx", "the folder 01 is not a version: allowed are integers from 1 to 9223372036854775807 without leading zeros")]
    [InlineData("bert/0/model.onnx", "the folder 0 is not a version")]
    [InlineData("bert/99999999999999999999/model.onnx", "the folder 99999999999999999999 is not a version")]
    public void Scan_ModelWithoutGraph_SaysWhatWasLookedFor(string files, string error)
    {
        foreach (var file in files.Split(' '))
        {
            _folder.Write(file, "");
        }

        var source = Assert.Single(Scan());

        Assert.Equal("bert:", Show([source]));
        Assert.Contains(string.Format(null, error, _folder.Path), source.Error!.Replace('\\', '/'), StringComparison.Ordinal);
    }

    [Fact]
    public void Scan_OddFoldersBesideGoodVersions_AreWarnings()
    {
        _folder.Add("bert/1/model.onnx", "bert/model.onnx", "bert/02/model.onnx").AddFolder("bert/3");

        var source = Assert.Single(Scan());

        Assert.Equal("bert:1=bert/1/model.onnx", Show([source]));
        Assert.Equal(3, source.Config.Warnings.Length);
        Assert.Contains("02 is not a version", source.Config.Warnings[0], StringComparison.Ordinal);
        Assert.Contains("there is no ONNX graph", source.Config.Warnings[1], StringComparison.Ordinal);
        Assert.Contains("model.onnx beside the version folders is not served", source.Config.Warnings[2], StringComparison.Ordinal);
    }

    [Fact]
    public void Scan_NameTwice_SecondIsAnErrorThatNamesBoth()
    {
        _folder.Add("one/Bert.onnx", "one/bert/model.onnx", "two/BERT/1/model.onnx");

        var sources = RepositoryScanner.Scan([_folder["one"], _folder["two"]], null).Sources;

        Assert.Equal("Bert:1=one/Bert.onnx bert: BERT:", Show(sources));
        Assert.Equal("bert", sources[0].Key);
        Assert.Equal(3, sources.Select(s => s.Key).Distinct().Count());
        Assert.All(sources.Skip(1), s => Assert.Contains(_folder["one/Bert.onnx"], s.Error, StringComparison.Ordinal));
        Assert.Contains(_folder["two/BERT"], sources[2].Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Scan_OverlappingRepositories_FindAModelOnce()
    {
        _folder.Add("group/bert/model.onnx");

        var sources = RepositoryScanner.Scan([_folder.Path, _folder["group"], _folder.Path + "/"], null).Sources;

        Assert.Equal("bert:1=group/bert/model.onnx", Show(sources));
        Assert.Null(sources[0].Error);
    }

    [Fact]
    public void Scan_MissingRepository_IsUnreadableAndHarmsNoOther()
    {
        _folder.Add("bert.onnx");

        var scan = RepositoryScanner.Scan([_folder["nowhere"], _folder["bert.onnx"], _folder.Path], null);

        Assert.Equal("bert:1=bert.onnx", Show(scan.Sources));
        Assert.Equal([_folder["bert.onnx"], _folder["nowhere"]], scan.Unreadable.Keys);
        Assert.Equal("The folder does not exist.", scan.Unreadable[_folder["nowhere"]]);
    }

    [Fact]
    public void Scan_Links_AreFollowed()
    {
        _folder.Add("store/blob", "store/whole/1/model.onnx").AddFolder("repository/bert");
        _folder.LinkFile("repository/bert/model.onnx", _folder["store/blob"]).LinkFolder("repository/linked", _folder["store/whole"]);

        var sources = RepositoryScanner.Scan([_folder["repository"]], null).Sources;

        Assert.Equal("bert:1=repository/bert/model.onnx linked:1=repository/linked/1/model.onnx", Show(sources));
        var before = sources[0].Fingerprint;
        _folder.Write("store/blob", "longer than before");
        Assert.NotEqual(before, RepositoryScanner.Scan([_folder["repository"]], null).Sources[0].Fingerprint);
    }

    [Fact]
    public void Scan_LinksThatLeadNowhereOrBack_AreErrorsOfThatModelOnly()
    {
        _folder.Add("good/model.onnx", "inner/model.onnx", "twoway/model.onnx")
            .LinkFolder("back", _folder.Path)
            .LinkFile("gone.onnx", _folder["missing.onnx"])
            .LinkFile("circle", _folder["circle"])
            .LinkFile("inner/model.onnx.data", _folder["missing.data"])
            .LinkFolder("twoway/there", _folder["twoway"]);

        var sources = Scan().ToDictionary(s => s.Name);

        Assert.Equal(6, sources.Count);
        Assert.Null(sources["good"].Error);
        Assert.Contains("leads back to", sources["back"].Error, StringComparison.Ordinal);
        Assert.Contains("leads nowhere", sources["gone"].Error, StringComparison.Ordinal);
        Assert.Contains("leads nowhere", sources["circle"].Error, StringComparison.Ordinal);
        Assert.Contains("leads nowhere", sources["inner"].Error, StringComparison.Ordinal);
        Assert.Contains("leads back to", sources["twoway"].Error, StringComparison.Ordinal);
    }

    private System.Collections.Immutable.ImmutableArray<ModelSource> Scan() => RepositoryScanner.Scan([_folder.Path], null).Sources;

    private string Show(IEnumerable<ModelSource> sources) => string.Join(' ', sources.Select(s =>
        $"{s.Name}:{string.Join(',', s.Versions.Select(v => $"{v.Key}={Path.GetRelativePath(_folder.Path, v.Value.GraphPath).Replace('\\', '/')}"))}"));
}
