using Serving.TestKit;
using Serving.TestKit.Graphs;

namespace Serving.Benchmarks;

/// <summary>The graphs that are measured.</summary>
internal static class BenchModels
{
    /// <summary>The name of an encoder of the zoo: two layers 64 wide, a sentence to one vector.</summary>
    public const string Encoder = "minilm-sentence-embedding";

    /// <summary>One addition: what is measured is the server.</summary>
    public static OnnxGraphBuilder Tiny() => new OnnxGraphBuilder()
        .Input("x", "FP32", "batch", 16).Output("y", "FP32", "batch", 16).Node("Add", ["x", "x"], ["y"]);

    /// <summary>A perceptron of three layers, 784-512-256-10: small enough that batching pays on a processor.</summary>
    public static OnnxGraphBuilder Perceptron()
    {
        var graph = new OnnxGraphBuilder().Input("x", "FP32", "batch", 784).Output("y", "FP32", "batch", 10);
        var value = "x";
        int[] widths = [784, 512, 256, 10];
        for (var layer = 1; layer < widths.Length; layer++)
        {
            var (from, to) = (widths[layer - 1], widths[layer]);
            graph.Weight($"w{layer}", [from, to], [.. Enumerable.Range(0, from * to).Select(i => ((i * 7919 % 251) - 125) / 4000f)]);
            var product = layer == widths.Length - 1 ? "y" : $"m{layer}";
            graph.Node("MatMul", [value, $"w{layer}"], [product]);
            value = product;
            if (layer < widths.Length - 1)
            {
                graph.Node("Relu", [product], [$"r{layer}"]);
                value = $"r{layer}";
            }
        }

        return graph;
    }

    /// <summary>Floats of one value for an input named x.</summary>
    public static IReadOnlyDictionary<string, NpyArray> Floats(params long[] shape)
    {
        var floats = new float[shape.Aggregate(1L, (product, extent) => product * extent)];
        Array.Fill(floats, 0.5f);
        return new Dictionary<string, NpyArray> { ["x"] = new("FP32", shape, [.. floats.SelectMany(BitConverter.GetBytes)]) };
    }

    /// <summary>The longest reference case of the encoder, its rows over and over.</summary>
    /// <param name="times">How often; the case has three rows of 22 tokens.</param>
    public static IReadOnlyDictionary<string, NpyArray> Sentences(int times) => Zoo.Cases(Encoder)[^1].Inputs.ToDictionary(
        input => input.Key,
        input => new NpyArray(
            input.Value.Datatype,
            [input.Value.Shape[0] * times, .. input.Value.Shape[1..]],
            [.. Enumerable.Repeat(input.Value.Data, times).SelectMany(data => data)]));
}
