using System.Text.RegularExpressions;
using Serving.Conformance.Cases;
using Serving.Conformance.Protocols;
using Serving.TestKit.Source;

namespace Serving.Conformance.Tests;

/// <summary>The table of docs/protocols.md that says which cases prove what.</summary>
public sealed partial class ProtocolTableTests
{
    private static readonly string Document = SourceTree.Read("docs/protocols.md");

    private static readonly string[][] Rows =
        [.. MarkdownTable.Read(Document[Document.IndexOf("## Conformance", StringComparison.Ordinal)..], "What")];

    [Fact]
    public void Names_InEveryRow_AreThoseOfCases() =>
        Assert.All(Rows.SelectMany(Patterns), pattern => Assert.Contains(Suite.All, one => Covers(pattern, one.Name)));

    [Fact]
    public void Cases_All_AreNamedByARow()
    {
        var patterns = Rows.SelectMany(Patterns).ToList();
        Assert.All(Suite.All, one => Assert.True(patterns.Any(pattern => Covers(pattern, one.Name)), one.Name));
    }

    [Fact]
    public void Rpcs_AllOfTheService_HaveARowWhoseCasesCallThem()
    {
        foreach (var rpc in Services.Inference.Methods.Select(method => method.Name))
        {
            var row = Assert.Single(Rows, cells => Regex.IsMatch(cells[0], $@"(?<!\w){rpc}(?!\w)"));
            var cases = Suite.All.Where(one => Patterns(row).Any(pattern => Covers(pattern, one.Name)));
            Assert.True(cases.Any(one => one.Steps.Any(step => (string?)step["rpc"] == rpc)), rpc);
        }
    }

    [Fact]
    public void Routes_InEveryRow_AreCalledByItsCases()
    {
        foreach (var row in Rows)
        {
            var paths = Suite.All.Where(one => Patterns(row).Any(pattern => Covers(pattern, one.Name)))
                .SelectMany(one => one.Steps).SelectMany(step => step).Select(pair => $"{pair.Value}").Where(text => text.StartsWith('/')).ToList();
            foreach (Match route in Route().Matches(row[0]))
            {
                var pattern = $"^{Regex.Escape(route.Value).Replace("\\{model}", "[^/:]+", StringComparison.Ordinal)}/?(:|$)";
                Assert.True(paths.Any(path => Regex.IsMatch(path, pattern)), $"{route.Value} in the row of {row[1]}");
            }
        }
    }

    private static string[] Patterns(string[] row) => row[1].Split(", ");

    private static bool Covers(string pattern, string name) =>
        pattern.EndsWith('*') ? name.StartsWith(pattern[..^1], StringComparison.Ordinal) : name == pattern;

    [GeneratedRegex(@"/v[12][\w/{}]*")]
    private static partial Regex Route();
}
