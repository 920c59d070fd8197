using Serving.Server.Hosting.Settings;

namespace Serving.Server.Tests.Docs;

/// <summary>What the documents name must be there.</summary>
public sealed class DocumentsTests
{
    /// <summary>Options that are not settings: the program's own, and curl's.</summary>
    private static readonly string[] Others = ["--help", "--version", "--data-binary"];

    public static TheoryData<string> Documents => [.. Document.All];

    [Theory]
    [MemberData(nameof(Documents))]
    public void Links_All_LeadToFilesAndHeadings(string path) => Assert.Empty(new Document(path).BrokenLinks());

    [Theory]
    [MemberData(nameof(Documents))]
    public void Paths_InCode_Exist(string path) => Assert.Empty(new Document(path).MissingPaths());

    [Theory]
    [InlineData("README.md")]
    [InlineData("docs/architecture.md")]
    [InlineData("docs/protocols.md")]
    public void Options_Named_AreThoseOfTheCommandLine(string path)
    {
        var named = new Document(path).Options;

        Assert.NotEmpty(named);
        Assert.Empty(named.Except(OptionTable.All.Select(option => option.CommandLine)).Except(Others));
    }
}
