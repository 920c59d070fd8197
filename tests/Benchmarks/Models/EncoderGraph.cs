using Serving.TestKit.Graphs;

namespace Serving.Benchmarks.Models;

/// <summary>
/// A transformer encoder of four layers, 256 wide, with four heads and attention written out: ids and a mask in, the first token's
/// vector out. About 6 ms for 64 tokens on one core.
/// </summary>
internal sealed class EncoderGraph
{
    public const int Width = 256;

    private const int Layers = 4;
    private const int Heads = 4;
    private const int Inner = 4 * Width;

    /// <summary>Random weights of this size keep what flows through the layers at the size that it has.</summary>
    private const float Scale = 0.06f;

    private readonly OnnxGraphBuilder _graph = new();
    private readonly Random _random = new(4256);
    private int _count;

    private EncoderGraph()
    {
    }

    public static OnnxGraphBuilder Build()
    {
        var encoder = new EncoderGraph();
        encoder.Write();
        return encoder._graph;
    }

    private void Write()
    {
        _graph.Input("input_ids", "INT64", "batch", "length").Input("attention_mask", "INT64", "batch", "length").Output("y", "FP32", "batch", Width);
        _graph.Weight("heads", [4], 0L, 0L, Heads, Width / Heads).Weight("joined", [3], 0L, 0L, Width);
        _graph.Weight("axes", [2], 1L, 2L).Weight("first", [], 0L).Weight("one", [], 1f).Weight("low", [], -10000f);
        _graph.Weight("root", [], MathF.Sqrt(Width / Heads));
        var value = Node("Gather", Random(TokenInput.Vocabulary, Width), "input_ids");
        var mask = Node("Mul", Node("Sub", "one", Cast("attention_mask")), "low");
        mask = Node("Unsqueeze", mask, "axes");
        for (var layer = 0; layer < Layers; layer++)
        {
            value = Normalise(Node("Add", value, Attention(value, mask)));
            value = Normalise(Node("Add", value, Linear(Node("Relu", Linear(value, Width, Inner)), Inner, Width)));
        }

        _graph.Node("Gather", [value, "first"], ["y"], ("axis", 1L));
    }

    private string Attention(string value, string mask)
    {
        var (query, key, answer) = (Split(value, 0, 2, 1, 3), Split(value, 0, 2, 3, 1), Split(value, 0, 2, 1, 3));
        var scores = Node("Add", Node("Div", Node("MatMul", query, key), "root"), mask);
        var weighted = Node("MatMul", Node("Softmax", scores), answer);
        return Linear(Node("Reshape", Transpose(weighted, 0, 2, 1, 3), "joined"), Width, Width);
    }

    private string Split(string value, params long[] order) => Transpose(Node("Reshape", Linear(value, Width, Width), "heads"), order);

    private string Linear(string value, int from, int to) => Node("Add", Node("MatMul", value, Random(from, to)), Random(to));

    private string Normalise(string value)
    {
        var (scale, shift) = (NewName(), NewName());
        _graph.Weight(scale, [Width], Enumerable.Repeat(1f, Width).ToArray()).Weight(shift, [Width], new float[Width]);
        return Node("LayerNormalization", value, scale, shift);
    }

    private string Cast(string value)
    {
        var name = NewName();
        _graph.Node("Cast", [value], [name], ("to", 1L));
        return name;
    }

    private string Transpose(string value, params long[] order)
    {
        var name = NewName();
        _graph.Node("Transpose", [value], [name], ("perm", order));
        return name;
    }

    private string Node(string type, params string[] inputs)
    {
        var name = NewName();
        _graph.Node(type, inputs, [name]);
        return name;
    }

    private string Random(params int[] shape)
    {
        var name = NewName();
        var values = new float[shape.Aggregate(1, (product, extent) => product * extent)];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = ((_random.NextSingle() * 2) - 1) * Scale;
        }

        _graph.Weight(name, [.. shape.Select(extent => (long)extent)], values);
        return name;
    }

    private string NewName() => $"n{_count++}";
}
