namespace Serving.Runtime.Graphs.Rewriting;

/// <summary>
/// What a convolution gives, times a number and plus a number, is a convolution with other weights. ONNX Runtime does this itself
/// only where there is a number for each channel.
/// </summary>
internal static class NumbersIntoConvolutions
{
    /// <summary>Answers whether there was any.</summary>
    public static bool Apply(RewritableGraph graph)
    {
        var found = false;
        foreach (var node in graph.Nodes)
        {
            found |= Convolution.Of(graph, node) is { } convolution && Fold(graph, convolution);
        }

        return found;
    }

    private static bool Fold(RewritableGraph graph, Convolution convolution)
    {
        var (scale, shift, found) = (1f, 0f, false);
        var node = convolution.Node;
        while (graph.OnlyReader(node) is { } next && (next.Is("Mul") || next.Is("Add")) && graph.Scalar(next) is { } scalar)
        {
            (scale, shift) = next.Is("Mul") ? (scale * scalar.Number, shift * scalar.Number) : (scale, shift + scalar.Number);
            var output = next.Outputs[0];
            graph.Remove(next);
            graph.Connect(node, node.Inputs, output);
            found = true;
        }

        if (found)
        {
            convolution.Replace(
                graph, convolution.Input, [.. convolution.Weights.Values.Select(weight => weight * scale)], [.. convolution.Bias.Select(bias => (bias * scale) + shift)]);
        }

        return found;
    }
}
