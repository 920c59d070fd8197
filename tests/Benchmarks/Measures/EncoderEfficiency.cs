using System.Net;
using Serving.Benchmarks.Loads;
using Serving.Benchmarks.Models;
using Serving.Benchmarks.Raw;
using Serving.Benchmarks.Reporting;
using Serving.Benchmarks.Rig;

namespace Serving.Benchmarks.Measures;

/// <summary>
/// P2: tokens a second of an encoder on all cores beside ONNX Runtime alone on the same, in the batches that suit it best. The load
/// runs on one of them too: the processor time that it took is not the server's to use, and is taken from what ONNX Runtime alone could do.
/// </summary>
internal sealed class EncoderEfficiency : IMeasure
{
    private const int Length = 64;

    /// <summary>Two for each core and as many waiting; arbitrary, but the queue is never empty.</summary>
    private const int InFlight = 8;

    private static readonly int[] Batches = [1, 4, 8];

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
        var (ratio, served, alone, tail, load) = (new Spread(), new Spread(), new Spread(), new Spread(), new Spread());
        for (var round = 0; round < rig.Options.Rounds; round++)
        {
            var ours = await LoadAsync(server.Grpc, requests, rig.Options.Seconds);
            var best = 0.0;
            foreach (var rows in Batches)
            {
                best = Math.Max(best, await RawAsync(raw, rows, rig.Options.Seconds / Batches.Length));
            }

            served.Add(ours.TokensPerSecond);
            tail.Add(ours.Latencies.Percentile(0.99) / 1000);
            alone.Add(best);
            load.Add(ours.LoadShare);
            ratio.Add(ours.TokensPerSecond / (best * (1 - (ours.LoadShare / 2))));
        }

        return [new(Definition, ratio, new("served", "tokens/s", served), new($"p99 served, {InFlight} in flight", "ms", tail), new("raw, best batch", "tokens/s", alone), new("the load, of a core", "", load))];
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
