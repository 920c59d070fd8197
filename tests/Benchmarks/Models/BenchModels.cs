using Serving.TestKit.Graphs;

namespace Serving.Benchmarks.Models;

/// <summary>The repository that is served: graphs written on the spot, their weights from fixed seeds.</summary>
internal sealed class BenchModels : IDisposable
{
    /// <summary>One addition of 16 floats: what is measured is the server.</summary>
    public const string Tiny = "tiny";

    /// <summary>A perceptron 784-512-256-10: small enough that batching pays on a processor.</summary>
    public const string Perceptron = "mlp";

    /// <summary>The same with batches forbidden.</summary>
    public const string PerceptronAlone = "mlp-alone";

    /// <summary>See <see cref="EncoderGraph"/>.</summary>
    public const string Encoder = "encoder";

    /// <summary>The same graph under another name.</summary>
    public const string EncoderTwin = "encoder-twin";

    /// <summary>An image's worth of floats, given back as they came; batches forbidden.</summary>
    public const string Large = "large";

    public const int TinyWidth = 16;
    public const int PerceptronWidth = 784;
    public const int LargeWidth = 150_528;

    /// <summary>The matrix of <see cref="Wide"/> has so many rows and columns.</summary>
    public const int WideWidth = 4096;

    /// <summary>Its bytes: 64 MiB, before which what else a process needs is small.</summary>
    public const double WideBytes = (double)WideWidth * WideWidth * sizeof(float);

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("serving-bench-");

    public BenchModels()
    {
        Elementwise("Add", TinyWidth, "x", "x").Save(PathOf(Tiny));
        PerceptronGraph().Save(PathOf(Perceptron));
        PerceptronGraph().Save(PathOf(PerceptronAlone));
        EncoderGraph.Build().Save(PathOf(Encoder));
        EncoderGraph.Build().Save(PathOf(EncoderTwin));
        Elementwise("Identity", LargeWidth, "x").Save(PathOf(Large));
        ForbidBatches(PerceptronAlone);
        ForbidBatches(Large);
    }

    /// <summary>The folder to serve.</summary>
    public string Root => _root.FullName;

    /// <summary>A model's file.</summary>
    public string PathOf(string model) => Path.Combine(_root.FullName, model, "model.onnx");

    public void Dispose() => _root.Delete(recursive: true);

    /// <summary>One product with a large matrix; served by itself.</summary>
    public static OnnxGraphBuilder Wide() => new OnnxGraphBuilder()
        .Input("x", "FP32", "batch", WideWidth).Output("y", "FP32", "batch", WideWidth)
        .Weight("w", [WideWidth, WideWidth], [.. Enumerable.Range(0, WideWidth * WideWidth).Select(i => ((i * 31 % 251) - 125) / 40000f)])
        .Node("MatMul", ["x", "w"], ["y"]);

    private static OnnxGraphBuilder Elementwise(string type, int width, params string[] inputs) => new OnnxGraphBuilder()
        .Input("x", "FP32", "batch", width).Output("y", "FP32", "batch", width).Node(type, inputs, ["y"]);

    private static OnnxGraphBuilder PerceptronGraph()
    {
        var graph = new OnnxGraphBuilder().Input("x", "FP32", "batch", PerceptronWidth).Output("y", "FP32", "batch", 10);
        var random = new Random(784);
        var value = "x";
        int[] widths = [PerceptronWidth, 512, 256, 10];
        for (var layer = 1; layer < widths.Length; layer++)
        {
            var (from, to) = (widths[layer - 1], widths[layer]);
            graph.Weight($"w{layer}", [from, to], [.. Enumerable.Range(0, from * to).Select(_ => (random.NextSingle() - 0.5f) / 10)]);
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

    private void ForbidBatches(string model) =>
        File.WriteAllText(Path.Combine(_root.FullName, model, "model.yaml"), "max_batch_rows: 1\n");
}
