using System.Text.RegularExpressions;
using Serving.Server.Hosting;
using Serving.Server.Hosting.Settings;
using Serving.TestKit.Source;

namespace Serving.Server.Tests.Hosting;

public sealed partial class OperationsDocumentTests
{
    [Theory]
    [InlineData("docs/operations.md")]
    [InlineData("docs/configuration.md")]
    [InlineData("docs/metrics.md")]
    public void Document_EveryOptionItNames_Exists(string document)
    {
        var text = SourceTree.Read(document);
        var known = OptionTable.All.SelectMany(option => new[] { option.CommandLine, option.Environment }).ToHashSet();
        known.UnionWith(["--help", "--version"]);

        var named = OptionName().Matches(text).Select(match => match.Value).Distinct().ToList();

        Assert.NotEmpty(named);
        Assert.Empty(named.Except(known));
    }

    [Fact]
    public void Document_EveryMetricItNames_IsInTheMetricsTables()
    {
        var metrics = SourceTree.Read("docs/metrics.md");

        var named = MetricName().Matches(SourceTree.Read("docs/operations.md")).Select(match => match.Value).Distinct().ToList();

        Assert.NotEmpty(named);
        Assert.All(named, name => Assert.Contains($"| `{name}` |", metrics, StringComparison.Ordinal));
    }

    [Fact]
    public void Document_ExitCodes_AreThoseOfTheCode() => Assert.Equal(
        [ExitCode.Success, ExitCode.Failure, ExitCode.BadOptions],
        MarkdownTable.Read(SourceTree.Read("docs/operations.md"), "Code").Select(cells => int.Parse(cells[0], System.Globalization.CultureInfo.InvariantCulture)));

    [GeneratedRegex(@"(?<![\w-])--[a-z][a-z-]+|Serving__[A-Za-z]+")]
    private static partial Regex OptionName();

    [GeneratedRegex("(serving|dotnet|nv)_[a-z_]+")]
    private static partial Regex MetricName();
}
