using Serving.Server.Tracing;

namespace Serving.Server.Tests.Tracing;

public class TraceChangeTests
{
    private static readonly string Folder = Path.GetTempPath();

    [Theory]
    [InlineData("trace_rate", "Unable to parse 'trace_rate', got: often", "often")]
    [InlineData("trace_rate", "Unable to parse 'trace_rate', value is out of range [ 0, 4294967295 ], got: -1", "-1")]
    [InlineData("trace_rate", "expect only 1 value for 'trace_rate'", "1", "2")]
    [InlineData("trace_count", "Unable to parse 'trace_count'. Expecting value >= -1, got: -2", "-2")]
    [InlineData("trace_count", "Unable to parse 'trace_count', value is out of range [ -1, 2147483647 ], got: 2147483648", "2147483648")]
    [InlineData("trace_count", "Unable to parse 'trace_count', got: 1.5", "1.5")]
    [InlineData("log_frequency", "Unable to parse 'log_frequency', value is out of range [ 0, 4294967295 ], got: 99999999999999999999", "99999999999999999999")]
    [InlineData("trace_level", "Expect only one trace level 'OFF' is specified", "OFF", "TIMESTAMPS")]
    [InlineData("trace_level", "trace level TENSORS is not offered", "TENSORS")]
    [InlineData("trace_level", "there is no trace level 'MAX'; expected OFF or TIMESTAMPS", "MAX")]
    [InlineData("trace_mode", "trace_mode cannot be 'opentelemetry'", "opentelemetry")]
    [InlineData("trace_files", "there is no trace setting 'trace_files'; there are trace_file, trace_level, trace_rate", "x")]
    [InlineData("trace_file", "expect only 1 value for 'trace_file'", "a", "b")]
    public void Set_Unfit_IsRefused(string name, string message, params string[] values) =>
        Assert.StartsWith(message, new TraceChange(Folder).Set(name, values)?.Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("../x")]
    [InlineData("a/b")]
    [InlineData("/etc/passwd")]
    [InlineData("a\0b")]
    public void Set_FileElsewhere_IsRefused(string name) =>
        Assert.StartsWith("trace_file is", new TraceChange(Folder).Set("trace_file", [name])?.Message, StringComparison.Ordinal);

    [Fact]
    public void Set_FileWithoutADirectory_IsRefusedInTritonsWords()
    {
        foreach (var values in (string[][])[["x"], []])
        {
            Assert.StartsWith(
                "trace file location can not be updated through network protocol", new TraceChange(null).Set("trace_file", values)?.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Apply_AllSettingsAndThenNone_AreSetAndCleared()
    {
        var change = new TraceChange(Folder);
        Assert.All(
            ((string, string)[])[("trace_file", Path.Combine(Folder, "serving-trace-change-test")), ("trace_level", "TIMESTAMPS"), ("trace_rate", "2"), ("trace_count", "3"), ("log_frequency", "4"), ("trace_mode", "triton")],
            setting => Assert.Null(change.Set(setting.Item1, [setting.Item2])));
        var clear = new TraceChange(Folder);
        Assert.All((string[])["trace_file", "trace_level", "trace_rate", "trace_count", "log_frequency", "trace_mode"], name => Assert.Null(clear.Set(name, [])));

        var set = change.Apply(TraceOverrides.None);

        Assert.Equal(new TraceOverrides(Path.Combine(Folder, "serving-trace-change-test"), true, 2, 3, 4), set);
        Assert.Equal(TraceOverrides.None, clear.Apply(set));
    }
}
