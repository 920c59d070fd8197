using Serving.Runtime.Repository;

namespace Serving.Runtime.Tests.Repository;

public sealed class FingerprintTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public FingerprintTests() => _folder
        .Add("bert/1/model.onnx", "bert/1/model.onnx.data", "bert/2/model.onnx", "bert/tokenizer.json", "other/model.onnx")
        .Write("bert/model.yaml", "max_batch_rows: 3")
        .Add("bare.onnx", "bare.onnx.data", "bare.v2.onnx", "bare.v2.onnx_data");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Scan_NothingChanged_FingerprintsAreTheSame() => Assert.Empty(ChangedBy(() => { }));

    [Theory]
    [InlineData("bert/1/model.onnx", "bert bert/1")]
    [InlineData("bert/1/model.onnx.data", "bert bert/1")]
    [InlineData("bert/2/model.onnx", "bert bert/2")]
    [InlineData("bert/3/model.onnx", "bert bert/3")]
    [InlineData("bert/1/extra.bin", "bert bert/1")]
    [InlineData("bert/tokenizer.json", "bert bert/1 bert/2")]
    [InlineData("bert/assets/deep/vocabulary.txt", "bert bert/1 bert/2")]
    [InlineData("bare.onnx", "bare bare/1")]
    [InlineData("bare.onnx.data", "bare bare/1")]
    [InlineData("bare.v2.onnx_data", "bare.v2 bare.v2/1")]
    [InlineData("bert/1/model.onnx.tmp", "")]
    [InlineData("bert/.lock", "")]
    [InlineData("README.md", "")]
    public void Scan_FileWritten_ChangesWhatUsesIt(string file, string changed)
    {
        Assert.Equal(changed.Split(' ', StringSplitOptions.RemoveEmptyEntries), ChangedBy(() => _folder.Write(file, "another text")));
    }

    [Fact]
    public void Scan_ConfigChanged_ChangesEveryVersion()
    {
        Assert.Equal(["bert", "bert/1", "bert/2"], ChangedBy(() =>
            _folder.Write("bert/model.yaml", "max_batch_rows: 4").SetTime("bert/model.yaml", ScratchFolder.Written.AddSeconds(1))));
    }

    [Fact]
    public void Scan_OnlyTheTimeChanged_ChangesTheFingerprint()
    {
        Assert.Equal(["bert", "bert/2"], ChangedBy(() => _folder.SetTime("bert/2/model.onnx", ScratchFolder.Written.AddTicks(10))));
    }

    [Fact]
    public void Scan_FileDeleted_ChangesTheFingerprint()
    {
        Assert.Equal(["bert", "bert/1"], ChangedBy(() => File.Delete(_folder["bert/1/model.onnx.data"])));
    }

    private IEnumerable<string> ChangedBy(Action change)
    {
        var before = Prints();
        change();
        return Prints().Where(p => !before.Contains(p)).Select(p => p.Key);
    }

    private Dictionary<string, string> Prints()
    {
        var prints = new Dictionary<string, string>();
        foreach (var source in RepositoryScanner.Scan([_folder.Path], null).Sources)
        {
            Assert.Null(source.Error);
            prints.Add(source.Name, source.Fingerprint);
            foreach (var (version, files) in source.Versions)
            {
                prints.Add($"{source.Name}/{version}", files.Fingerprint);
            }
        }

        return prints;
    }
}
