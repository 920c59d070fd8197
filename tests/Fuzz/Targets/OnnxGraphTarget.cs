using Serving.Fuzz.Engine;
using Serving.Runtime.Graphs;
using Serving.Runtime.Graphs.Rewriting;
using Serving.TestKit.Graphs;

namespace Serving.Fuzz.Targets;

/// <summary>ONNX files: what they declare, or <see cref="InvalidDataException"/>; no more memory than a multiple of the file.</summary>
internal sealed class OnnxGraphTarget : FuzzTarget
{
    public override string Name => "onnx-graph";

    public override int Rounds => 150_000;

    /// <summary>Tags of the model's, the graph's and their parts' fields, with lengths that are too long.</summary>
    public override IReadOnlyList<byte[]> Tokens { get; } =
    [
        [0x08], [0x0A], [0x12], [0x18], [0x2A], [0x3A], [0x42], [0x5A], [0x62], [0x6A], [0x72], [0x0A, 0], [0x3A, 0], [0x5A, 0],
        [0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0x07], [0x2A, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F], [0x12, 0x80, 0x80, 0x80, 0x80, 0x10],
        [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01], .. Words("axis", "Gather", "Identity", "location", "offset", "length", "ai.onnx", "x", "w"),
    ];

    public override IEnumerable<byte[]> Seeds(Random random) =>
    [
        new OnnxGraphBuilder()
            .Input("x", "INT64", "batch", "length").Output("y", "FP32", "batch", "length", 4)
            .Weight("w", [3, 4], [.. new float[12]]).Node("Identity", ["x"], ["z"]).Node("Gather", ["w", "z"], ["y"], ("axis", 0)).ToBytes(),
        new OnnxGraphBuilder()
            .Input("x", "FP32", "n", 2).Output("y", "FP32", "n", 2).ExternalWeight("w", [2, 2], "weights.bin", 16)
            .Weight("s", [2], 1L, 2L).Node("MatMul", ["x", "w"], ["y"]).ToBytes(),
        new OnnxGraphBuilder()
            .Input("x", "FP32", "n", 1, 4, 4).Output("y", "FP32", "n", 1, 4, 4)
            .Weight("w", [1, 1, 1, 1], 2f).Weight("three", [], 3f).Weight("zero", [], 0f).Weight("six", [1], 6f)
            .Node("Conv", ["x", "w"], ["c"], ("pads", new long[] { 0, 0, 0, 0 }))
            .Node("Add", ["c", "three"], ["a"]).Node("Clip", ["a", "zero", "six"], ["b"]).Node("Mul", ["c", "b"], ["d"]).Node("Div", ["d", "six"], ["h"])
            .Node("Mul", ["h", "six"], ["m"]).Node("Add", ["m", "three"], ["n"]).Node("Conv", ["n", "w"], ["y"]).ToBytes(),
        new OnnxGraphBuilder().ToBytes(),
    ];

    public override Verdict Try(byte[] input)
    {
        var cost = Cost.Start();
        try
        {
            var graph = OnnxGraphReader.Read(new MemoryStream(input));
            var bounds = IndexBounds.Find(graph);
            foreach (var tensor in graph.ExternalData)
            {
                _ = tensor.ByteCount;
            }

            var rewritten = GraphRewriter.TryRewrite(input, graph.IrVersion);
            if (rewritten is not null)
            {
                OnnxGraphReader.Read(new MemoryStream(rewritten));
            }

            return Verdict.Accepted(
                $"{(rewritten is null ? "" : "rewritten, ")}{Math.Min(3, graph.Inputs.Count)} in, {Math.Min(3, graph.Outputs.Count)} out, {(bounds.Count > 0 ? "bounds" : "no bounds")}, "
                + $"{(graph.ExternalData.Count > 0 ? "external" : "no external")}, {string.Join(' ', graph.Inputs.Select(i => $"{i.Type} {i.Shape.Rank}"))}");
        }
        catch (InvalidDataException error)
        {
            Finding.Unless(error.Message.Length > 0, "a refusal has no text");
            return Verdict.Refused(error.Message);
        }
        finally
        {
            // The buffer that files are read through, and what objects take beyond the bytes that they come from.
            cost.AtMost(256 * 1024 + (400L * input.Length));
        }
    }
}
