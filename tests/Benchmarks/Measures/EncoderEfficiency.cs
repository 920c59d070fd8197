using System.Net;
using Serving.Benchmarks.Loads;
using Serving.Benchmarks.Models;
using Serving.Benchmarks.Raw;
using Serving.Benchmarks.Reporting;
using Serving.Benchmarks.Rig;

namespace Serving.Benchmarks.Measures;

/// <summary>
/// P2: tokens a second of an encoder on all cores beside ONNX Runtime alone on the same, in the batches that suit it best by their median. The load
/// runs on one of them too: the processor time that it took is not the server's to use, and is taken from what ONNX Runtime alone could do.
/// </summary>
internal sealed class EncoderEfficiency : IMeasure
{
    private const int Length = 64;

    /// <summary>Two for each core and as many waiting; arbitrary, but the queue is never empty.</summary>
    private const int InFlight = 8;

    private static readonly int[] Batches = [1, 4, 8];

    /// <summary>How often served and raw take turns in a round.</summary>
    private const int Turns = 4;

    private static readonly MeasureDefinition Definition = new(
        "P2", "encoder 4 × 256, both cores less what the load takes: tokens/s ÷ raw", "", "0.992 (Triton ÷ raw), 0.79 to 0.997 (MLPerf)", "at least 0.97 (0.985)");

    public IReadOnlyList<MeasureDefinition> Definitions => [Definition];

    public IReadOnlyList<string> Needs => [];

    public async Task<IReadOnlyList<MeasureResult>> RunAsync(BenchRig rig)
    {
        using var server = await ModelServer.StartAsync(Cores.Both, rig.Models.Root);
        await server.RequireBatchingAsync(BenchModels.Encoder);
        var raw = rig.Raw(BenchModels.Encoder);
        TokenRequest[] requests = [new(GrpcMessage.Tokens(BenchModels.Encoder, raw.Session.InputNames, Length), Length)];
        await LoadAsync(server.Grpc, requests, rig.Options.WarmUpSeconds);
        var (ratio, served, tail, load) = (new Spread(), new Spread(), new Spread(), new Spread());
        Spread[] alone = [.. Batches.Select(_ => new Spread())];
        for (var round = 0; round < rig.Options.Rounds; round++)
        {
            await AddRoundAsync();
        }

        var best = alone.MaxBy(rates => rates.Median)!;
        for (var round = 0; round < rig.Options.Rounds; round++)
        {
            ratio.Add(served[round] / (best[round] * (1 - (load[round] / 2))));
        }

        return
        [
            new(
                Definition,
                ratio,
                [
                    new("served", "tokens/s", served),
                    new($"p99 served, {InFlight} in flight", "ms", tail),
                    .. Batches.Zip(alone, (rows, rates) => new Part($"raw, {rows} rows a run", "tokens/s", rates)),
                    new("the load, of a core", "", load),
                ]),
        ];

        // Served and raw in turns within a round too: the machine's speed changes from second to second.
        async Task AddRoundAsync()
        {
            var (ours, raws) = (new List<TokenResult>(), new double[Batches.Length]);
            for (var turn = 0; turn < Turns; turn++)
            {
                ours.Add(await LoadAsync(server.Grpc, requests, rig.Options.Seconds / Turns));
                for (var i = 0; i < raws.Length; i++)
                {
                    raws[i] += await RawAsync(raw, Batches[i], rig.Options.Seconds / Turns / 2) / Turns;
                }
            }

            served.Add(ours.Average(turn => turn.TokensPerSecond));
            tail.Add(Latencies.Of(ours.Select(turn => turn.Latencies)).Percentile(0.99) / 1000);
            load.Add(ours.Average(turn => turn.LoadShare));
            foreach (var (rate, rates) in raws.Zip(alone))
            {
                rates.Add(rate);
            }
        }
    }

    private static Task<TokenResult> LoadAsync(IPEndPoint address, TokenRequest[] requests, double seconds) =>
        Cores.RunOnAsync(Cores.Load, () => ClosedLoop.Run(address, requests, InFlight, seconds));

    private static async Task<double> RawAsync(RawModel raw, int rows, double seconds)
    {
        var perRun = await Task.WhenAll(
            Cores.RunOnAsync(Cores.Server, () => raw.SecondsPerRun(rows, seconds, Length)),
            Cores.RunOnAsync(Cores.Load, () => raw.SecondsPerRun(rows, seconds, Length)));
        return perRun.Sum(time => rows * Length / time);
    }
}
