using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Serving.Runtime.Inference;
using Serving.Server.Tracing;
using Serving.TestKit.Servers;

namespace Serving.Server.Tests.Tracing;

/// <summary>What lies on the disk in the end.</summary>
public sealed class TraceFilesTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("serving-traces-");
    private readonly LogCapture _logs = new();

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Write_OneFile_IsOneArrayOfTheTraces()
    {
        File.WriteAllText(At("t"), "of an earlier run");

        await WriteAsync(Sampler(count: -1, frequency: 0), 5);

        Assert.Equal([1, 2, 3, 4, 5], Ids("t"));
        Assert.Single(_folder.GetFiles());
    }

    [Theory]
    [InlineData(-1, 2, 5, "1,2 3,4 5")]
    [InlineData(3, 0, 3, "1,2,3")]
    [InlineData(5, 2, 5, "1,2 3,4 5")]
    [InlineData(4, 2, 4, "1,2 3,4")]
    public async Task Write_FrequencyOrCount_FillsFilesWithAnIndex(int count, uint frequency, int traces, string expected)
    {
        await WriteAsync(Sampler(count, frequency), traces);

        var files = _folder.GetFiles().Select(file => file.Name).Order().ToList();
        Assert.Equal(Enumerable.Range(0, files.Count).Select(i => $"t.{i}"), files);
        Assert.Equal(expected, string.Join(' ', files.Select(file => string.Join(',', Ids(file)))));
    }

    [Fact]
    public async Task Write_Trace_SaysWhoAndWhen()
    {
        var stages = new StageTimes(Microseconds(1), Microseconds(2), Microseconds(3), Microseconds(4), Microseconds(20));
        await WriteAsync(new TraceRecord(Sampler(-1, 0), 7, "a \"b\"", "m", "3", 1000, 2000, 30_000, stages));

        var trace = JsonNode.Parse(File.ReadAllText(At("t")))!.AsArray();
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""{"id":7,"model_name":"m","model_version":3,"request_id":"a \"b\""}"""), trace[0]));
        Assert.Equal(
            "REQUEST_START 1000, QUEUE_START 2000, COMPUTE_START 3000, COMPUTE_INPUT_END 5000, COMPUTE_OUTPUT_START 8000, COMPUTE_END 12000, REQUEST_END 30000",
            Times(trace[1]!));
    }

    [Fact]
    public async Task Write_SumsOfStagesBeyondTheEnd_EndThere()
    {
        var stages = new StageTimes(Microseconds(1), Microseconds(50), Microseconds(50), Microseconds(50), Microseconds(20));
        await WriteAsync(new TraceRecord(Sampler(-1, 0), 1, null, "m", "beta", 1000, 2000, 30_000, stages));

        var trace = JsonNode.Parse(File.ReadAllText(At("t")))!.AsArray();
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""{"id":1,"model_name":"m","model_version":"beta"}"""), trace[0]));
        Assert.EndsWith("COMPUTE_INPUT_END 30000, COMPUTE_OUTPUT_START 30000, COMPUTE_END 30000, REQUEST_END 30000", Times(trace[1]!), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Write_RequestThatFailed_HasNoComputeTimes()
    {
        await WriteAsync(new TraceRecord(Sampler(-1, 0), 1, null, "m", "", 1000, 2000, 30_000, null));

        var trace = JsonNode.Parse(File.ReadAllText(At("t")))!.AsArray();
        Assert.Equal(-1, (int)trace[0]!["model_version"]!);
        Assert.Equal("REQUEST_START 1000, QUEUE_START 2000, REQUEST_END 30000", Times(trace[1]!));
    }

    [Fact]
    public async Task Write_SymbolicLink_IsNotFollowed()
    {
        File.WriteAllText(At("victim"), "untouched");
        File.CreateSymbolicLink(At("t"), At("victim"));

        await WriteAsync(Sampler(-1, 0), 3);

        Assert.Equal("untouched", File.ReadAllText(At("victim")));
        Assert.Contains("symbolic link", Assert.Single(_logs.Entries).Message, StringComparison.Ordinal);
    }

    private static TimeSpan Microseconds(int count) => TimeSpan.FromMicroseconds(count);

    private static string Times(JsonNode trace) =>
        string.Join(", ", trace["timestamps"]!.AsArray().Select(time => $"{time!["name"]} {time["ns"]}"));

    private string At(string name) => Path.Combine(_folder.FullName, name);

    private TraceSampler Sampler(int count, uint frequency) => new(new TraceSettings("t", true, 1, count, frequency), new TraceFile(At("t")));

    private int[] Ids(string file) =>
        [.. JsonNode.Parse(File.ReadAllText(At(file)))!.AsArray().Where(entry => entry!["model_name"] is not null).Select(entry => (int)entry!["id"]!)];

    private Task WriteAsync(TraceSampler sampler, int traces) =>
        WriteAsync([.. Enumerable.Range(1, traces).Select(id => new TraceRecord(sampler, id, null, "m", "1", 1, 2, 3, default(StageTimes)))]);

    private async Task WriteAsync(params TraceRecord[] records)
    {
        using var loggers = new LoggerFactory([_logs]);
        var writer = new TraceWriter(loggers.CreateLogger<TraceWriter>());
        Array.ForEach(records, writer.Add);
        await writer.DisposeAsync().AsTask().WaitAsync(Patience);
    }
}
