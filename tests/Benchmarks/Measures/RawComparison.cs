using Serving.Benchmarks.Loads;
using Serving.Benchmarks.Raw;
using Serving.Benchmarks.Reporting;
using Serving.Benchmarks.Rig;
using Serving.Runtime.Simulation;

namespace Serving.Benchmarks.Measures;

/// <summary>
/// What a server does with requests of mixed lengths, beside the better, by its median, of what ONNX Runtime alone does with as many tokens on both
/// cores: rows one by one without padding, and batches of like lengths picked out of each <see cref="Window"/> requests.
/// </summary>
internal static class RawComparison
{
    /// <summary>What is sorted, and what the server has in flight, so that both know as many requests.</summary>
    private const int Window = 64;

    private static readonly int[] Batches = [4, 8, 16];

    /// <summary>The lengths of a mix. Several rounds see the same, and enough of them that a window is no accident.</summary>
    public static int[] Lengths(LengthMix mix) => [.. Traffic.Random(rate: 1, Window * 4, mix).Select(arrival => arrival.Length)];

    public static async Task<MeasureResult> RunAsync(ModelServer server, RawModel raw, TokenRequest[] requests, MeasureDefinition definition, BenchOptions options)
    {
        int[] lengths = [.. requests.Select(request => request.Tokens)];
        var patience = 4 * options.Seconds;
        await ServeAsync(server, requests, patience);
        var rows = await FindBestAsync(raw, lengths);
        Series ours = new(), single = new(), sorted = new();
        for (var round = 0; round < options.Rounds; round++)
        {
            ours.Add(await ServeAsync(server, requests, patience));
            single.Add(await RawTokens.MeasureAsync(raw, lengths, Window, rows: 1, patience));
            sorted.Add(await RawTokens.MeasureAsync(raw, lengths, Window, rows, patience));
        }

        return new(
            definition,
            Ratio(ours.PerSecond, single.PerSecond, sorted.PerSecond),
            new("the same for a second of processor time", "", Ratio(ours.PerProcessorSecond, single.PerProcessorSecond, sorted.PerProcessorSecond)),
            new("served", "tokens/s", ours.PerSecond),
            new("raw, rows one by one", "tokens/s", single.PerSecond),
            new($"raw, batches of {rows} sorted over {Window}", "tokens/s", sorted.PerSecond));
    }

    private static Spread Ratio(Spread ours, Spread single, Spread sorted)
    {
        var better = single.Median >= sorted.Median ? single : sorted;
        return Spread.Of(Enumerable.Range(0, ours.Count).Select(round => ours[round] / better[round]));
    }

    /// <summary>The load's own processor time is none of the server's.</summary>
    private static async Task<TokenRate> ServeAsync(ModelServer server, TokenRequest[] requests, double seconds)
    {
        var before = server.Process.ProcessorSeconds;
        var result = await Cores.RunOnAsync(Cores.Load, () => ClosedLoop.Run(server.Grpc, requests, Window, seconds));
        return new TokenRate(result.TokensPerSecond, result.AllTokens / (server.Process.ProcessorSeconds - before));
    }

    /// <summary>The size of sorted batches that goes best here; one window each.</summary>
    private static async Task<int> FindBestAsync(RawModel raw, int[] lengths)
    {
        var rates = new double[Batches.Length];
        for (var i = 0; i < rates.Length; i++)
        {
            rates[i] = (await RawTokens.MeasureAsync(raw, lengths, Window, Batches[i], seconds: 0)).PerSecond;
        }

        return Batches[Array.IndexOf(rates, rates.Max())];
    }

    private sealed class Series
    {
        public Spread PerSecond { get; } = new();

        public Spread PerProcessorSecond { get; } = new();

        public void Add(TokenRate rate)
        {
            PerSecond.Add(rate.PerSecond);
            PerProcessorSecond.Add(rate.PerProcessorSecond);
        }
    }
}
