namespace Serving.Runtime.Graphs.Rewriting;

/// <summary>
/// What an activation gives, times a number and plus a number: the next convolution's weights where that pads nothing, and one
/// BatchNormalization elsewhere, which ONNX Runtime does in one pass and in the layout that its convolutions work in.
/// </summary>
internal static class NumbersAfterActivations
{
    // Operators between a value and the convolution that says how many channels it has; graphs of this kind have three.
    private const int FarthestConvolution = 8;

    /// <summary>Answers whether there was any.</summary>
    public static bool Apply(RewritableGraph graph)
    {
        var found = false;
        foreach (var node in graph.Nodes)
        {
            if (node.Is("Mul")
                && graph.Scalar(node) is var (value, scale)
                && graph.OnlyReader(node) is { } add && add.Is("Add")
                && graph.Scalar(add) is var (_, shift)
                && ConvolutionBehind(graph, value, FarthestConvolution) is { } behind)
            {
                Replace(graph, node, add, value, (scale, shift), (int)behind.Shape[0]);
                found = true;
            }
        }

        return found;
    }

    private static void Replace(RewritableGraph graph, RewritableNode multiply, RewritableNode add, string value, (float Scale, float Shift) numbers, int channels)
    {
        var (scale, shift) = numbers;
        var next = graph.OnlyReader(add) is { } reader && reader.Inputs[0] == add.Outputs[0] ? Convolution.Of(graph, reader) : null;
        var output = add.Outputs[0];
        graph.Remove(add);
        if (next is { IsWithoutPadding: true })
        {
            graph.Remove(multiply);
            var each = next.Weights.Values.Length / next.Channels;
            next.Replace(
                graph,
                value,
                [.. next.Weights.Values.Select(weight => weight * scale)],
                [.. next.Bias.Select((bias, channel) => bias + (shift * next.Weights.Values.AsSpan(channel * each, each).ToArray().Sum()))]);
            return;
        }

        string[] constants = [Filled(scale), Filled(shift), Filled(0), Filled(1)];
        multiply.Become("BatchNormalization", ("epsilon", 0));
        graph.Connect(multiply, [value, .. constants], output);

        string Filled(float number) => graph.AddConstant(new FloatTensor([channels], [.. Enumerable.Repeat(number, channels)]));
    }

    /// <summary>The weights of the convolution whose channels a value has; null where none is found.</summary>
    private static FloatTensor? ConvolutionBehind(RewritableGraph graph, string value, int steps)
    {
        if (steps == 0 || graph.Maker(value) is not { Inputs.Count: > 0 } maker)
        {
            return null;
        }

        if (maker.Is("Conv"))
        {
            return Convolution.Of(graph, maker)?.Weights;
        }

        if (maker.Is("HardSigmoid") || maker.Is("Relu") || maker.Is("Sigmoid") || maker.Is("BatchNormalization"))
        {
            return ConvolutionBehind(graph, maker.Inputs[0], steps - 1);
        }

        // A product with what has as many channels and axes, of the same places or of one.
        return maker.Is("Mul") && maker.Inputs.Count == 2
            && ConvolutionBehind(graph, maker.Inputs[0], steps - 1) is { } one
            && ConvolutionBehind(graph, maker.Inputs[1], steps - 1) is { } other
            && one.Shape[0] == other.Shape[0] && one.Shape.Length == other.Shape.Length
            ? one
            : null;
    }
}
