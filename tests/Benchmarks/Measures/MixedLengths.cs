using Serving.Benchmarks.Loads;
using Serving.Benchmarks.Models;
using Serving.Benchmarks.Raw;
using Serving.Benchmarks.Reporting;
using Serving.Benchmarks.Rig;
using Serving.Runtime.Simulation;

namespace Serving.Benchmarks.Measures;

/// <summary>
/// Tokens a second of an encoder served to requests of mixed lengths, beside the better of what ONNX Runtime alone does with them on
/// both cores: rows one by one without padding, and batches of like lengths picked out of each <see cref="Window"/> requests.
/// </summary>
/// <param name="model">The graph's file; its inputs are INT64, rows of tokens.</param>
internal sealed class MixedLengths(string model) : IMeasure
{
    /// <summary>What is sorted, and what the server has in flight, so that both know as many requests.</summary>
    private const int Window = 64;

    private const string Name = "encoder";

    private static readonly int[] Batches = [4, 8, 16];

    public IReadOnlyList<MeasureDefinition> Definitions { get; } =
    [
        .. LengthMix.All.Select(mix => new MeasureDefinition(
            "BERT", $"{Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(model)))}, {mix.Name} lengths: tokens/s ÷ the better raw", "", "", "at least 0.95")),
    ];

    public IReadOnlyList<string> Needs => [];

    public async Task<IReadOnlyList<MeasureResult>> RunAsync(BenchRig rig)
    {
        using var server = await ModelServer.StartAsync(Cores.Both, Path.GetDirectoryName(Path.GetFullPath(model))!, "--model-name", Name);
        await server.RequireBatchingAsync(Name);
        using var raw = new RawModel(model);
        var results = new List<MeasureResult>();
        foreach (var (mix, definition) in LengthMix.All.Zip(Definitions))
        {
            results.Add(await CompareAsync(server, raw, mix, definition, rig.Options));
        }

        return results;
    }

    private static async Task<MeasureResult> CompareAsync(ModelServer server, RawModel raw, LengthMix mix, MeasureDefinition definition, BenchOptions options)
    {
        // Several rounds see the same lengths, and enough of them that a window is no accident.
        int[] lengths = [.. Traffic.Random(rate: 1, Window * 4, mix).Select(arrival => arrival.Length)];
        TokenRequest[] requests = [.. lengths.Select(length => new TokenRequest(GrpcMessage.Tokens(Name, raw.Session.InputNames, length), length))];
        var patience = 4 * options.Seconds;
        await ServeAsync(server, requests, patience);
        var rows = await FindBestAsync(raw, lengths);
        var (ratio, served, single, sorted) = (new Spread(), new Spread(), new Spread(), new Spread());
        for (var round = 0; round < options.Rounds; round++)
        {
            var ours = await ServeAsync(server, requests, patience);
            var one = await RawTokens.MeasureAsync(raw, lengths, Window, rows: 1, patience);
            var many = await RawTokens.MeasureAsync(raw, lengths, Window, rows, patience);
            served.Add(ours.TokensPerSecond);
            single.Add(one);
            sorted.Add(many);
            ratio.Add(ours.TokensPerSecond / Math.Max(one, many));
        }

        return new(
            definition,
            ratio,
            new("served", "tokens/s", served),
            new("raw, rows one by one", "tokens/s", single),
            new($"raw, batches of {rows} sorted over {Window}", "tokens/s", sorted));
    }

    private static Task<TokenResult> ServeAsync(ModelServer server, TokenRequest[] requests, double seconds) =>
        Cores.RunOnAsync(Cores.Load, () => ClosedLoop.Run(server.Grpc, requests, Window, seconds));

    /// <summary>The size of sorted batches that goes best here; one window each.</summary>
    private static async Task<int> FindBestAsync(RawModel raw, int[] lengths)
    {
        var rates = new double[Batches.Length];
        for (var i = 0; i < rates.Length; i++)
        {
            rates[i] = await RawTokens.MeasureAsync(raw, lengths, Window, Batches[i], seconds: 0);
        }

        return Batches[Array.IndexOf(rates, rates.Max())];
    }
}
