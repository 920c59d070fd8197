using Microsoft.Extensions.Logging.Abstractions;
using Serving.Runtime.Simulation;
using Serving.Runtime.Tests.Repository;

namespace Serving.Runtime.Tests.Simulation;

public sealed class ArrivalRecorderTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Fact]
    public async Task Record_Requests_AreAReadableTrace()
    {
        var time = new ManualTime();
        var recorder = new ArrivalRecorder(_path, NullLogger.Instance, time);
        recorder.Record("m/1", 1, 20, 0, 0, null);
        time.Pass(TimeSpan.FromMilliseconds(250));
        recorder.Record("m/1", 2, 30, time.GetTimestamp() + (time.TimestampFrequency / 10), 1, "t");
        await recorder.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));

        using var text = new StreamReader(_path);
        Assert.Equal(
            [new Arrival(0, 1, 20), new Arrival(0.25, 2, 30, 0.1) { Priority = 1, Tenant = "t" }],
            ArrivalTrace.Read(text));
    }

    [Fact]
    public async Task Record_BeyondTheFilesSize_IsLeftOut()
    {
        var recorder = new ArrivalRecorder(_path, NullLogger.Instance, new ManualTime(), mostBytes: 1000);
        for (var i = 0; i < 10_000; i++)
        {
            recorder.Record("m/1", 1, 20, 0, 0, null);
        }

        await recorder.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));

        Assert.InRange(new FileInfo(_path).Length, 1000, 1200);
    }
}
