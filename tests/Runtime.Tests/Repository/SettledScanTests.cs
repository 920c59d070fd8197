using Serving.Runtime.Repository;

namespace Serving.Runtime.Tests.Repository;

public sealed class SettledScanTests : IDisposable
{
    private static readonly TimeSpan SettleTime = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(400);

    private readonly ScratchFolder _folder = new();
    private readonly ManualTime _time = new();
    private readonly SettledScan _settled;

    public SettledScanTests() => _settled = new SettledScan(SettleTime, _time);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Advance_OldFiles_AreSettledAtOnce()
    {
        _folder.Add("bert/model.onnx");

        Assert.True(Assert.Single(Advance()).IsSettled);
    }

    [Fact]
    public void Advance_HalfCopiedModel_IsSettledOnlyWhenTheCopyIsDone()
    {
        _folder.Write("bert/model.onnx", "graph", _time.TimeOfDay);
        Assert.False(Assert.Single(Advance()).IsSettled);

        for (var i = 0; i < 10; i++)
        {
            _time.Pass(Poll);
            _folder.Write("bert/model.onnx.data", new string('w', i + 1), _time.TimeOfDay);
            Assert.False(Assert.Single(Advance()).IsSettled);
        }

        _time.Pass(Poll * 2);
        Assert.False(Assert.Single(Advance()).IsSettled);
        _time.Pass(Poll);
        Assert.True(Assert.Single(Advance()).IsSettled);
    }

    [Fact]
    public void Advance_CopyThatKeepsTimes_IsUnsettledByItsFolder()
    {
        _folder.Add("bert/model.onnx");
        Directory.SetLastWriteTimeUtc(_folder["bert"], _time.TimeOfDay.UtcDateTime);

        Assert.False(Assert.Single(Advance()).IsSettled);
        _time.Pass(SettleTime);
        Assert.True(Assert.Single(Advance()).IsSettled);
    }

    [Fact]
    public void Advance_FilesFromTheFuture_SettleByBeingSeenUnchanged()
    {
        _folder.Write("bert/model.onnx", "graph", _time.TimeOfDay + TimeSpan.FromDays(400));
        Assert.False(Assert.Single(Advance()).IsSettled);

        _time.Pass(Poll);
        _folder.Write("bert/model.onnx", "graph, longer", _time.TimeOfDay + TimeSpan.FromDays(400));
        Assert.False(Assert.Single(Advance()).IsSettled);

        _time.Pass(Poll * 2);
        Assert.False(Assert.Single(Advance()).IsSettled);
        _time.Pass(Poll);
        Assert.True(Assert.Single(Advance()).IsSettled);
    }

    [Fact]
    public void Advance_ClockSetBack_DoesNotUnsettleForLong()
    {
        _folder.Add("bert/model.onnx");
        Advance();
        _time.TimeOfDay = ScratchFolder.Written - TimeSpan.FromDays(1);
        _time.Pass(SettleTime);

        Assert.True(Assert.Single(Advance()).IsSettled);
    }

    [Fact]
    public void Advance_OneModelChanges_OthersStaySettled()
    {
        _folder.Add("a/model.onnx", "b/model.onnx");
        Advance();
        _time.Pass(Poll);
        File.WriteAllText(_folder["b/model.onnx"], "changed");
        _folder.SetTime("b/model.onnx", _time.TimeOfDay);

        Assert.Equal([("a", true), ("b", false)], Advance().Select(s => (s.Name, s.IsSettled)));
    }

    [Fact]
    public void Advance_BrokenLink_SettlesByBeingSeenUnchanged()
    {
        _folder.LinkFile("bert.onnx", _folder["missing"]);
        Assert.False(Assert.Single(Advance()).IsSettled);

        _time.Pass(SettleTime);

        var source = Assert.Single(Advance());
        Assert.True(source.IsSettled);
        Assert.NotNull(source.Error);
    }

    [Fact]
    public void Advance_FolderReplaced_IsOneChangeWithoutAGap()
    {
        _folder.Add("bert/model.onnx", "other.onnx");
        var first = Advance().Single(s => s.Name == "bert");
        Directory.Delete(_folder["bert"], recursive: true);
        _time.Pass(Poll);

        var between = Advance().Single(s => s.Name == "bert");
        _folder.Write("bert/model.onnx", "a new graph", _time.TimeOfDay);
        _time.Pass(Poll);
        var replaced = Advance().Single(s => s.Name == "bert");

        Assert.Equal((first.Fingerprint, true), (between.Fingerprint, between.IsSettled));
        Assert.False(replaced.IsSettled);
        Assert.NotEqual(first.Fingerprint, replaced.Fingerprint);
    }

    [Fact]
    public void Advance_FolderGone_IsGoneAfterTheSettleTime()
    {
        _folder.Add("bert/model.onnx", "other.onnx");
        Advance();
        Directory.Delete(_folder["bert"], recursive: true);

        Assert.Equal(2, Advance().Count);
        _time.Pass(SettleTime);
        Assert.Equal("other", Assert.Single(Advance()).Name);
    }

    [Fact]
    public void Advance_RepositoryUnreadable_ModelsStayAsTheyWere()
    {
        _folder.Add("repository/bert.onnx");
        var first = Assert.Single(Advance("repository"));
        Directory.Move(_folder["repository"], _folder["elsewhere"]);

        for (var i = 0; i < 5; i++)
        {
            _time.Pass(SettleTime);
            Assert.Equal(first, Assert.Single(Advance("repository")));
        }

        Directory.Move(_folder["elsewhere"], _folder["repository"]);
        Assert.Equal(first.Fingerprint, Assert.Single(Advance("repository")).Fingerprint);
    }

    [Fact]
    public void Advance_NoSettleTime_SettlesWhateverIsThere()
    {
        _folder.Write("bert/model.onnx", "graph", _time.TimeOfDay + TimeSpan.FromDays(1));
        var settled = new SettledScan(TimeSpan.Zero, _time);

        Assert.True(Assert.Single(settled.Advance(RepositoryScanner.Scan([_folder.Path], null))).IsSettled);
        Directory.Delete(_folder["bert"], recursive: true);
        Assert.Empty(settled.Advance(RepositoryScanner.Scan([_folder.Path], null)));
    }

    private IReadOnlyList<ModelSource> Advance(string repository = "") => _settled.Advance(RepositoryScanner.Scan([_folder[repository]], null));
}
