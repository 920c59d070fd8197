using Serving.Benchmarks.Loads;
using Serving.Benchmarks.Models;
using Serving.Benchmarks.Raw;
using Serving.Benchmarks.Reporting;
using Serving.Benchmarks.Rig;
using Serving.Runtime.Simulation;

namespace Serving.Benchmarks.Measures;

/// <summary>Tokens a second of an encoder served to rows of tokens of mixed lengths, see <see cref="RawComparison"/>.</summary>
/// <param name="model">The graph's file; its inputs are INT64, rows of tokens.</param>
internal sealed class MixedLengths(string model) : IMeasure
{
    private const string Name = "encoder";

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
            TokenRequest[] requests = [.. RawComparison.Lengths(mix).Select(length => new TokenRequest(GrpcMessage.Tokens(Name, raw.Session.InputNames, length), length))];
            results.Add(await RawComparison.RunAsync(server, raw, requests, definition, rig.Options));
        }

        return results;
    }
}
