using Serving.Benchmarks.Http2;
using Serving.Benchmarks.Loads;
using Serving.Benchmarks.Models;
using Serving.Benchmarks.Raw;
using Serving.Benchmarks.Reporting;
using Serving.Benchmarks.Rig;

namespace Serving.Benchmarks.Measures;

/// <summary>P3: what a lone request waits for beyond an answer that computes nothing and the run itself. One connection, kept.</summary>
internal sealed class AddedLatency : IMeasure
{
    /// <summary>Differences of microseconds need more rounds than ratios.</summary>
    private const int UsualRounds = 9;

    private static readonly MeasureDefinition Definition = new(
        "P3", "one addition, one request at a time: p50 − p50 of the echo − raw run", "us", "125 (Triton, in the server), 20 (prototype)", "at most 15 (8)");

    public IReadOnlyList<MeasureDefinition> Definitions => [Definition];

    public IReadOnlyList<string> Needs => [];

    public async Task<IReadOnlyList<MeasureResult>> RunAsync(BenchRig rig)
    {
        var calls = rig.Options.Quick ? 1000 : 4000;
        var served = await rig.ServedAsync(BenchModels.Tiny, BenchModels.TinyWidth);
        using var raw = rig.Raw(BenchModels.Tiny).Bind(rows: 1);
        using var infer = served.Connect();
        using var echo = served.ConnectToEcho();
        var (added, inferred, echoed, ran) = (new Spread(), new Spread(), new Spread(), new Spread());
        for (var round = 0; round <= (rig.Options.AskedRounds ?? (rig.Options.Quick ? rig.Options.Rounds : UsualRounds)); round++)
        {
            var floor = await MedianAsync(echo, served.Message, calls);
            var whole = await MedianAsync(infer, served.Message, calls);
            var run = await Cores.RunOnAsync(Cores.Server, () => Median(raw, calls));

            // The first round warms up what the loads of many requests have not.
            if (round > 0)
            {
                added.Add(whole - floor - run);
                inferred.Add(whole);
                echoed.Add(floor);
                ran.Add(run);
            }
        }

        return [new(Definition, added, new("p50 served", "us", inferred), new("p50 gRPC echo", "us", echoed), new("p50 raw run", "us", ran))];
    }

    private static Task<double> MedianAsync(Http2Connection connection, byte[] message, int calls) =>
        Cores.RunOnAsync(Cores.Load, () => ClosedLoop.OneByOne(connection, message, calls).Percentile(0.5));

    private static double Median(RawRun run, int calls)
    {
        var times = new Latencies();
        for (var i = 0; i < calls; i++)
        {
            var started = System.Diagnostics.Stopwatch.GetTimestamp();
            run.Execute();
            times.Add(System.Diagnostics.Stopwatch.GetElapsedTime(started).TotalMicroseconds);
        }

        return times.Percentile(0.5);
    }
}
