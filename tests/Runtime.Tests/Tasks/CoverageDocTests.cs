using System.Text.RegularExpressions;
using Serving.Runtime.Tasks.Finding;
using Serving.TestKit;
using Serving.TestKit.Source;

namespace Serving.Runtime.Tests.Tasks;

/// <summary>docs/model-coverage.md speaks of tasks and zoo models that there are.</summary>
public sealed partial class CoverageDocTests
{
    private static readonly IReadOnlyList<string[]> Rows = MarkdownTable.Read(File.ReadAllText(Path.Combine(SourceTree.Root, "docs", "model-coverage.md")), "Id");

    [Fact]
    public void Systems_All_AreThereOnce()
    {
        Assert.Equal(412, Rows.Count);
        Assert.Equal(Rows.Count, Rows.Select(row => row[0]).Distinct().Count());
    }

    [Fact]
    public void Tasks_Named_AreInTheCatalogue()
    {
        var known = TaskCatalogue.All.Select(kind => kind.Name).Append("tensors").Append("nothing to serve").ToHashSet();

        Assert.All(Rows, row => Assert.All(row[2].Split(", "), name => Assert.Contains(name, known)));
    }

    [Fact]
    public void Proofs_Named_AreModelsOfTheZoo() =>
        Assert.All(Rows, row => Assert.All(Name().Matches(row[3]).Select(match => match.Value).Where(name => name != "timm"), name => Assert.Contains(name, Zoo.Models.Keys)));

    [GeneratedRegex("[a-z0-9-]+")]
    private static partial Regex Name();
}
