using Serving.Runtime.Tasks.Finding;
using Serving.Runtime.Tasks.Text;
using Serving.TestKit.Source;

namespace Serving.Runtime.Tests.Tasks;

/// <summary>Compares docs/tasks.md with the catalogue.</summary>
public sealed class TaskDocTests
{
    private static readonly string Document = File.ReadAllText(Path.Combine(SourceTree.Root, "docs", "tasks.md"));

    [Fact]
    public void TaskTable_AndCatalogue_AreTheSame() =>
        Assert.Equal(TaskCatalogue.All.Select(kind => kind.Name), MarkdownTable.Read(Document, "Task").Select(row => row[0]));

    [Fact]
    public void OptionTables_AndTasks_HaveTheSameOptions()
    {
        var shared = MarkdownTable.Read(Document, "All texts").Concat(MarkdownTable.Read(Document, "Classes")).Select(row => row[0]).ToHashSet();
        var own = MarkdownTable.Read(Document, "Option").Select(row => (Task: row[1].Split(" (")[0], Option: row[0], IsPerRequest: !row[1].EndsWith("(configuration)", StringComparison.Ordinal))).ToHashSet();

        foreach (var kind in TaskCatalogue.All)
        {
            foreach (var option in kind.Options)
            {
                Assert.True(
                    shared.Contains(option.Name) || own.Contains((kind.Name, option.Name, option.IsPerRequest)),
                    $"docs/tasks.md does not describe the option {option.Name} of {kind.Name} as it is");
            }
        }

        Assert.All(own, row => Assert.Contains(TaskCatalogue.All, kind => kind.Name == row.Task && kind.Options.Any(option => option.Name == row.Option)));
        Assert.All(TextOptions.All, option => Assert.Contains(option.Name, shared));
    }
}
