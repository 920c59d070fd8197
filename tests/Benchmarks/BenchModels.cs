using Serving.TestKit.Graphs;

namespace Serving.Benchmarks;

/// <summary>The graphs that are measured.</summary>
internal static class BenchModels
{
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
}
