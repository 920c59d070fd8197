using Microsoft.Extensions.Logging;
using Serving.Server.Hosting;
using Serving.Server.Logging;

namespace Serving.Server.Tests.Logging;

public class LogChangeTests
{
    private static readonly LogSettings Default = LogSettings.From(new ServingOptions());

    [Theory]
    [InlineData("log_info", 1L, "expect boolean for 'log_info'")]
    [InlineData("log_warning", "true", "expect boolean for 'log_warning'")]
    [InlineData("log_error", 0.5, "expect boolean for 'log_error'")]
    [InlineData("log_verbose_level", -1L, "expect uint32 for 'log_verbose_level', got -1")]
    [InlineData("log_verbose_level", 4294967296L, "expect uint32 for 'log_verbose_level'")]
    [InlineData("log_verbose_level", true, "expect uint32 for 'log_verbose_level'")]
    [InlineData("log_format", 1L, "expect string for 'log_format'")]
    [InlineData("log_format", "ISO", "invalid argument for log_format, got: ISO; expected default or ISO8601")]
    [InlineData("log_file", "x", "log file location can not be updated through network protocol")]
    [InlineData("log_warnings", true, "there is no log setting 'log_warnings'; there are log_file, log_info, log_warning")]
    [InlineData("nothing", null, "there is no log setting 'nothing'")]
    public void Set_Unfit_IsRefused(string name, object? value, string message) =>
        Assert.StartsWith(message, new LogChange().Set(name, value)?.Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("log_file")]
    [InlineData("log_info")]
    [InlineData("log_verbose_level")]
    [InlineData("log_format")]
    public void Set_Null_LeavesTheSettingAsItIs(string name)
    {
        var change = new LogChange();

        Assert.Null(change.Set(name, null));
        Assert.Equal(Default, change.Apply(Default));
    }

    [Fact]
    public void Apply_Several_ChangesThoseAndNoOthers()
    {
        var change = new LogChange();
        Assert.Null(change.Set("log_info", false));
        Assert.Null(change.Set("log_verbose_level", 7L));
        Assert.Null(change.Set("log_format", "ISO8601"));

        Assert.Equal(Default with { Info = false, VerboseLevel = 7, Iso8601 = true }, change.Apply(Default));
    }

    [Theory]
    [InlineData(LogLevel.Trace, true, true, true, 2u)]
    [InlineData(LogLevel.Debug, true, true, true, 1u)]
    [InlineData(LogLevel.Information, true, true, true, 0u)]
    [InlineData(LogLevel.Warning, false, true, true, 0u)]
    [InlineData(LogLevel.Error, false, false, true, 0u)]
    [InlineData(LogLevel.None, false, false, false, 0u)]
    public void From_LevelOfTheOptions_AllowsThatLevelAndAbove(LogLevel level, bool info, bool warning, bool error, uint verbose)
    {
        var settings = LogSettings.From(new ServingOptions { LogLevel = level });

        Assert.Equal((info, warning, error, verbose), (settings.Info, settings.Warning, settings.Error, settings.VerboseLevel));
        Assert.All(Enum.GetValues<LogLevel>(), each => Assert.Equal(each >= level && each != LogLevel.None, settings.Allows(each)));
    }
}
