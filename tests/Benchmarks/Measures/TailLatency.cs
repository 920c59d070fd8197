using Serving.Benchmarks.Loads;
using Serving.Benchmarks.Models;
using Serving.Benchmarks.Reporting;
using Serving.Benchmarks.Rig;

namespace Serving.Benchmarks.Measures;

/// <summary>
/// P10 on a real server: the 99th percentile of an encoder's requests that come at random, at 0.7 of what one core can do, over that of
/// an ideal queue with the same arrivals and the run times of ONNX Runtime alone. Its batches gain so little that the ideal forms none.
/// The machine's speed changes from second to second, so the load comes in short turns, each with run times taken before and after it.
/// </summary>
internal sealed class TailLatency : IMeasure
{
    private const int Length = 64;
    private const double Load = 0.7;

    /// <summary>How many turns a round has, of a second each: a percentile needs more requests than a mean.</summary>
    private const int Turns = 9;

    /// <summary>Runs timed between two turns.</summary>
    private const int Runs = 40;

    private static readonly MeasureDefinition Definition = new(
        "P10", "encoder on one core, open loop at 70 %: p99 ÷ an ideal queue's", "", "1.07 to 1.37 (MLPerf, p99 ÷ p50)", "at most 1.2 (1.1)");

    public IReadOnlyList<MeasureDefinition> Definitions => [Definition];

    public IReadOnlyList<string> Needs => [];

    public async Task<IReadOnlyList<MeasureResult>> RunAsync(BenchRig rig)
    {
        var server = await rig.ServerAsync();
        var raw = rig.Raw(BenchModels.Encoder);
        var message = GrpcMessage.Tokens(BenchModels.Encoder, raw.Session.InputNames, Length);
        TokenRequest[] requests = [new(message, Length)];
        await Cores.RunOnAsync(Cores.Load, () => ClosedLoop.Run(server.Grpc, requests, inFlight: 2, rig.Options.WarmUpSeconds));
        var (ratio, real, ideal) = (new Spread(), new Spread(), new Spread());
        for (var round = 0; round < rig.Options.Rounds; round++)
        {
            var (served, best) = (new List<Latencies>(), new List<Latencies>());
            var before = await TimesAsync();
            for (var turn = 0; turn < (rig.Options.Quick ? 2 : Turns); turn++)
            {
                var seed = (round * Turns) + turn;
                var arrivals = OpenLoop.Poisson(Load / before.Average(), seconds: 1, seed);
                served.Add(await Cores.RunOnAsync(Cores.Load, () => OpenLoop.Run(server.Grpc, GrpcMessage.Path, [message], arrivals)));
                var after = await TimesAsync();
                best.Add(IdealQueue.Replay(arrivals, [.. before, .. after], seed));
                before = after;
            }

            real.Add(Latencies.Of(served).Percentile(0.99) / 1000);
            ideal.Add(Latencies.Of(best).Percentile(0.99) / 1000);
            ratio.Add(real[round] / ideal[round]);
        }

        return [new(Definition, ratio, new("p99 served", "ms", real), new("p99 of the ideal queue", "ms", ideal))];

        Task<double[]> TimesAsync() => Cores.RunOnAsync(Cores.Server, () => raw.Times(rows: 1, Length, Runs));
    }
}
