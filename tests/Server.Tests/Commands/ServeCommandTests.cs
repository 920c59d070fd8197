using Serving.Server.Commands;
using Serving.Server.Hosting;
using Serving.Server.Hosting.Settings;

namespace Serving.Server.Tests.Commands;

public sealed class ServeCommandTests
{
    [Fact]
    public void ReadSettings_Options_BecomeConfiguration()
    {
        var settings = Read("--repository", "/a", "--repository", "/b", "--providers", "cuda,cpu", "--http-port=81", "--strict-readiness", "--poll-interval", "500ms");

        Assert.Equal("/a", settings["Serving:Repository:0"]);
        Assert.Equal("/b", settings["Serving:Repository:1"]);
        Assert.Equal("cuda", settings["Serving:Providers:0"]);
        Assert.Equal("cpu", settings["Serving:Providers:1"]);
        Assert.Equal("81", settings["Serving:HttpPort"]);
        Assert.Equal("true", settings["Serving:StrictReadiness"]);
        Assert.Equal("500ms", settings["Serving:PollInterval"]);
        Assert.Equal(7, settings.Count);
    }

    [Theory]
    [InlineData("--strict-readiness=false", "false")]
    [InlineData("--strict-readiness=true", "true")]
    [InlineData("--management-key=@file", "@file")]
    public void ReadSettings_Value_IsTakenAsItIs(string argument, string expected) => Assert.Equal(expected, Assert.Single(Read(argument)).Value);

    [Fact]
    public void Parse_Mistakes_AreAllReportedWithSuggestions()
    {
        var errors = new List<string>();

        new ServeCommand().Parse(["--http-prot", "9000", "models", "--frobnicate-everything"], errors);

        Assert.Equal(
            [
                "'--http-prot' is not an option; did you mean '--http-port'?",
                "'models' is not expected here; a folder of models is given with '--repository models'.",
                "'--frobnicate-everything' is not an option; --help lists all",
            ],
            errors);
    }

    [Fact]
    public void Parse_OptionGivenTwice_IsAnError()
    {
        var errors = new List<string>();

        new ServeCommand().Parse(["--http-port", "1", "--http-port", "2"], errors);

        Assert.Contains("--http-port", Assert.Single(errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_Help_ListsEveryOptionWithEnvironmentAndDefault()
    {
        var output = new StringWriter();

        var code = await ServeCommand.RunAsync(["--help"], output, output).WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(ExitCode.Success, code);
        foreach (var option in OptionTable.All)
        {
            Assert.Contains(option.CommandLine + " ", output.ToString(), StringComparison.Ordinal);
            Assert.Contains($"[env: {option.Environment}]", output.ToString(), StringComparison.Ordinal);
        }

        Assert.Contains("[default: 8000]", output.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("Additional Arguments", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_Version_PrintsIt()
    {
        var output = new StringWriter();

        var code = await ServeCommand.RunAsync(["--version"], output, TextWriter.Null).WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(ExitCode.Success, code);
        Assert.Equal($"serving {ProductInfo.Version}{Environment.NewLine}", output.ToString());
    }

    [Fact]
    public async Task RunAsync_UnknownOption_ExitsWithBadOptions()
    {
        var error = new StringWriter();

        var code = await ServeCommand.RunAsync(["--nope"], TextWriter.Null, error).WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(ExitCode.BadOptions, code);
        Assert.Contains("'--nope' is not an option", error.ToString(), StringComparison.Ordinal);
    }

    private static IReadOnlyDictionary<string, string?> Read(params string[] arguments)
    {
        var errors = new List<string>();
        var command = new ServeCommand();
        var settings = command.ReadSettings(command.Parse(arguments, errors));
        Assert.Empty(errors);
        return settings;
    }
}
