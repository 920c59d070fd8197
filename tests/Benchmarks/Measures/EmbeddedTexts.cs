using Serving.Benchmarks.Loads;
using Serving.Benchmarks.Models;
using Serving.Benchmarks.Raw;
using Serving.Benchmarks.Reporting;
using Serving.Benchmarks.Rig;
using Serving.Runtime.Simulation;
using Serving.Runtime.Tokenization;

namespace Serving.Benchmarks.Measures;

/// <summary>
/// Tokens a second of a task that embeds texts: what a client sends are texts, what ONNX Runtime alone is given are rows of as many
/// tokens, made beforehand. See <see cref="RawComparison"/>.
/// </summary>
/// <param name="folder">The model, <c>model.onnx</c> with <c>tokenizer.json</c> beside it; the graph's inputs are INT64.</param>
internal sealed class EmbeddedTexts(string folder) : IMeasure
{
    private const string Name = "embedder";

    public IReadOnlyList<MeasureDefinition> Definitions { get; } =
    [
        .. LengthMix.All.Select(mix => new MeasureDefinition(
            "EMBED", $"{Path.GetFileName(Path.GetFullPath(folder).TrimEnd(Path.DirectorySeparatorChar))}, texts of {mix.Name} lengths: tokens/s ÷ the better raw", "", "", "at least 0.95")),
    ];

    public IReadOnlyList<string> Needs => [];

    /// <summary>What a folder lacks; null where it can be measured.</summary>
    public static string? Missing(string folder) =>
        ((string[])["model.onnx", "tokenizer.json"]).Select(file => Path.Combine(folder, file)).FirstOrDefault(path => !File.Exists(path));

    public async Task<IReadOnlyList<MeasureResult>> RunAsync(BenchRig rig)
    {
        using var server = await ModelServer.StartAsync(Cores.Both, Path.GetFullPath(folder), "--model-name", Name);
        await server.RequireBatchingAsync($"{Name}.graph");
        using var raw = new RawModel(Path.Combine(folder, "model.onnx"));
        var texts = new TextsOfLength(Tokenizer.Load(Path.Combine(folder, "tokenizer.json")));
        var results = new List<MeasureResult>();
        foreach (var (mix, definition) in LengthMix.All.Zip(Definitions))
        {
            TokenRequest[] requests = [.. RawComparison.Lengths(mix).Select(texts.Make).Select(text => new TokenRequest(GrpcMessage.Text(Name, text.Text), text.Tokens))];
            results.Add(await RawComparison.RunAsync(server, raw, requests, definition, rig.Options));
        }

        return results;
    }
}
