using Serving.Benchmarks.Loads;
using Serving.Benchmarks.Models;
using Serving.Benchmarks.Reporting;
using Serving.Benchmarks.Rig;

namespace Serving.Benchmarks.Measures;

/// <summary>
/// P10 on a real server: the 99th percentile of an encoder's requests that come at random, at 0.7 of what one core can do, over that of
/// an ideal queue with the same arrivals and the run times of ONNX Runtime alone. Its batches gain so little that the ideal forms none.
/// </summary>
internal sealed class TailLatency : IMeasure
{
    private const int Length = 64;
    private const double Load = 0.7;

    /// <summary>A percentile needs more requests than a mean.</summary>
    private const int Longer = 3;

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
        await Cores.RunOnAsync(Cores.Load, () => ClosedLoop.Run(server.Grpc, requests, inFlight: 2, rig.Options.WarmUpSeconds / 2));
        var (ratio, real, ideal) = (new Spread(), new Spread(), new Spread());
        for (var round = 0; round < rig.Options.Rounds; round++)
        {
            var runs = await Cores.RunOnAsync(Cores.Server, () => raw.Times(rows: 1, Length, count: 100));
            var arrivals = OpenLoop.Poisson(Load / runs.Average(), Longer * rig.Options.Seconds, round);
            var served = await Cores.RunOnAsync(Cores.Load, () => OpenLoop.Run(server.Grpc, GrpcMessage.Path, [message], arrivals));
            var (own, best) = (served.Percentile(0.99) / 1000, IdealQueue.Replay(arrivals, runs, round).Percentile(0.99) / 1000);
            real.Add(own);
            ideal.Add(best);
            ratio.Add(own / best);
        }

        return [new(Definition, ratio, new("p99 served", "ms", real), new("p99 of the ideal queue", "ms", ideal))];
    }
}
