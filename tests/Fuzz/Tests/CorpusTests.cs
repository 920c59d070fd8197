using Serving.Fuzz.Engine;
using Serving.Fuzz.Targets;
using Serving.TestKit.Source;

namespace Serving.Fuzz.Tests;

public sealed class CorpusTests
{
    private const long LargestCorpus = 1_000_000;

    private static readonly string Folder = Path.Combine(SourceTree.Root, "tests", "Fuzz", "corpus");

    public static TheoryData<string> Targets => [.. AllTargets.List.Select(target => target.Name)];

    [Theory]
    [MemberData(nameof(Targets))]
    public void Try_KeptInputs_KeepsItsPromises(string name)
    {
        var target = AllTargets.Find(name);

        var report = new FuzzRun(target, Corpus.Of(target), seed: 0).Replay();

        Assert.True(report.Tried >= Corpus.Of(target).Read().Count + 1, "the kept inputs were not tried");
        Assert.True(report.Accepted > 0, "not even a well-formed input was accepted");
    }

    [Fact]
    public void Corpus_IsSmallAndBelongsToTargets()
    {
        Assert.All(Directory.GetDirectories(Folder), folder => AllTargets.Find(Path.GetFileName(folder)));
        Assert.Equal(AllTargets.List.Count, Directory.GetDirectories(Folder).Length);
        Assert.InRange(Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length), 0, LargestCorpus);
    }
}
