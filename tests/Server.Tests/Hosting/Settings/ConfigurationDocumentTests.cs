using Serving.Server.Hosting.Settings;
using Serving.TestKit.Source;

namespace Serving.Server.Tests.Hosting.Settings;

public sealed class ConfigurationDocumentTests
{
    [Fact]
    public void Document_OptionsTable_IsThatOfTheCode()
    {
        var rows = MarkdownTable.Read(SourceTree.Read("docs/configuration.md"), "Option");

        var expected = OptionTable.All.Select(option => string.Join(" | ", option.CommandLine, option.Environment, option.Default, option.Description));
        Assert.Equal(expected, rows.Select(cells => string.Join(" | ", cells)));
    }

    [Fact]
    public void EveryOption_HasADescription() => Assert.All(OptionTable.All, option => Assert.NotEmpty(option.Description));
}
