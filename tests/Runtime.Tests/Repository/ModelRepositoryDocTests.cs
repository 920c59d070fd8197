using System.Text.RegularExpressions;
using Serving.Runtime.Configuration;
using Serving.Runtime.Configuration.Pbtxt;
using Serving.Runtime.Configuration.Yaml;

namespace Serving.Runtime.Tests.Repository;

/// <summary>Compares docs/model-repository.md with the readers.</summary>
public sealed partial class ModelRepositoryDocTests
{
    private static readonly string Document = File.ReadAllText(Path.Combine(Root(), "docs", "model-repository.md"));

    [Fact]
    public void ModelYamlTable_AndReader_HaveTheSameKeys()
    {
        Assert.Equal(ModelYamlKeys.Supported, Rows("## model.yaml").Select(r => r.Name));
    }

    [Fact]
    public void ModelYamlRefusedKeys_AndReader_AreTheSame()
    {
        var keys = Quoted().Matches(Section("### Keys that are refused")).Select(m => m.Groups[1].Value);

        Assert.Equal(ModelYamlKeys.Unsupported, keys);
    }

    [Fact]
    public void ModelYamlExamples_AreValid()
    {
        foreach (var heading in new[] { "### axes", "### Version labels", "### Labels", "### An example" })
        {
            var lines = Section(heading).Split('\n').Where(l => l.StartsWith("    ", StringComparison.Ordinal)).Select(l => l[4..]);
            var config = ModelYamlReader.Read(string.Join('\n', lines), heading);

            Assert.NotEqual(ModelConfig.Empty with { Source = heading }, config);
        }
    }

    [Theory]
    [InlineData("### Used fields", nameof(TritonFieldFate.Used))]
    [InlineData("### Fields that are warned of", nameof(TritonFieldFate.Warned))]
    [InlineData("### Fields that are refused", nameof(TritonFieldFate.Refused))]
    public void ConfigPbtxtTable_AndReader_HaveTheSameFields(string heading, string fate)
    {
        var rows = Rows(heading);
        var fields = TritonFields.All.Where(f => f.Fate == Enum.Parse<TritonFieldFate>(fate) && TritonFields.Under(f.Path).Count == 0).ToList();

        Assert.Equal(fields.Select(f => f.Path).Order(), rows.Select(r => r.Name).Order());
        Assert.All(fields.Where(f => f.Reason.Length > 0), f => Assert.Contains(rows, r => r.Name == f.Path && r.Text == f.Reason));
    }

    private static List<(string Name, string Text)> Rows(string heading) =>
        [.. Row().Matches(Section(heading)).Select(m => (m.Groups[1].Value, m.Groups[2].Value))];

    /// <summary>From a heading to the next one.</summary>
    private static string Section(string heading)
    {
        var start = Document.IndexOf($"\n{heading}\n", StringComparison.Ordinal);
        Assert.True(start >= 0, $"docs/model-repository.md has no section '{heading}'");
        var body = Document[(start + heading.Length + 2)..];
        var end = body.IndexOf("\n#", StringComparison.Ordinal);
        return end < 0 ? body : body[..end];
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Serving.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("The tests do not run inside the source tree.");
    }

    [GeneratedRegex(@"^\| `([^`]+)` \| (.*?) \|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Quoted();
}
