namespace Serving.Runtime.Graphs.Rewriting;

/// <summary>
/// Exporters write hard-swish out, as x * clip(x + 3, 0, 6) / 6, because operator sets before 14 have none: four passes over memory,
/// which ONNX Runtime also does outside of the layout that its convolutions work in. With HardSigmoid it is two, inside of it.
/// </summary>
internal static class HardSwishes
{
    /// <summary>Answers whether there was any.</summary>
    public static bool Apply(RewritableGraph graph)
    {
        var found = false;
        foreach (var node in graph.Nodes)
        {
            found |= node.Is("Add") && graph.Scalar(node) is (var value, 3) && IsOfConvolution(graph, value) && Fuse(graph, node, value);
        }

        return found;
    }

    /// <summary>Whether a value has channels and places, so that a number that it is added to cannot change its shape.</summary>
    private static bool IsOfConvolution(RewritableGraph graph, string value) =>
        graph.Maker(value) is { } maker && (maker.Is("Conv") || maker.Is("BatchNormalization"));

    private static bool Fuse(RewritableGraph graph, RewritableNode add, string value)
    {
        if (graph.OnlyReader(add) is not { } clip || !IsFromZeroToSix(graph, clip) || graph.OnlyReader(clip) is not { } next)
        {
            return false;
        }

        // Hard-sigmoid, by itself or before the product.
        if (IsSixth(graph, next))
        {
            Become(graph, add, value, next.Outputs[0]);
            graph.Remove(clip);
            graph.Remove(next);
            return true;
        }

        if (!next.Is("Mul") || !next.Inputs.Contains(value) || graph.OnlyReader(next) is not { } sixth || !IsSixth(graph, sixth))
        {
            return false;
        }

        var output = sixth.Outputs[0];
        graph.Remove(clip);
        graph.Remove(sixth);
        Become(graph, add, value, add.Outputs[0]);
        graph.Connect(next, [value, add.Outputs[0]], output);
        return true;
    }

    private static void Become(RewritableGraph graph, RewritableNode add, string value, string output)
    {
        add.Become("HardSigmoid", ("alpha", 1f / 6), ("beta", 0.5f));
        graph.Connect(add, [value], output);
    }

    private static bool IsSixth(RewritableGraph graph, RewritableNode node) =>
        (node.Is("Div") && node.Inputs.Count == 2 && graph.Number(node.Inputs[1]) is 6f)
        || (node.Is("Mul") && graph.Scalar(node) is var (_, number) && MathF.Abs(number - (1f / 6)) <= float.Epsilon + 1e-7f);

    // Before operator set 11 the limits were attributes.
    private static bool IsFromZeroToSix(RewritableGraph graph, RewritableNode clip)
    {
        if (!clip.Is("Clip"))
        {
            return false;
        }

        return clip.Inputs.Count == 1
            ? (Limit(clip, "min"), Limit(clip, "max")) is (0f, 6f)
            : clip.Inputs.Count == 3 && graph.Number(clip.Inputs[1]) is 0f && graph.Number(clip.Inputs[2]) is 6f;
    }

    private static float? Limit(RewritableNode clip, string name) =>
        clip.Attribute(name).Where(part => part is { Number: 2, WireType: 5 }).Select(part => (float?)BitConverter.ToSingle(part.Content.Span)).FirstOrDefault();
}
