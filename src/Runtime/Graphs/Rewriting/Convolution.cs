namespace Serving.Runtime.Graphs.Rewriting;

/// <summary>A convolution whose weights are constants.</summary>
/// <param name="Node">The operator.</param>
/// <param name="Weights">Its weights; the first axis is the channels that it makes.</param>
/// <param name="Bias">A number for each of these channels.</param>
internal sealed record Convolution(RewritableNode Node, FloatTensor Weights, float[] Bias)
{
    public string Input => Node.Inputs[0];

    public int Channels => (int)Weights.Shape[0];

    /// <summary>Whether it reads nothing beyond the edges of its input.</summary>
    public bool IsWithoutPadding =>
        Node.Attribute("pads").Where(part => part.Number == 8).All(IsZero)
        && Node.Attribute("auto_pad").Where(part => part.Number == 4).All(part => part.Text is "NOTSET" or "VALID");

    /// <summary>The convolution that an operator is; null where it is none, or one whose weights follow from elsewhere.</summary>
    public static Convolution? Of(RewritableGraph graph, RewritableNode node)
    {
        if (!node.Is("Conv") || node.Inputs.Count is not (2 or 3) || graph.Constant(node.Inputs[1]) is not { Shape.Length: > 2 } weights)
        {
            return null;
        }

        var bias = node.Inputs.Count == 2 || node.Inputs[2].Length == 0 ? new float[weights.Shape[0]] : graph.Constant(node.Inputs[2])?.Values;
        return bias?.Length == weights.Shape[0] ? new Convolution(node, weights, bias) : null;
    }

    /// <summary>Gives it another input and other weights.</summary>
    public void Replace(RewritableGraph graph, string input, float[] weights, float[] bias)
    {
        var (first, second) = (graph.AddConstant(Weights with { Values = weights }), graph.AddConstant(new FloatTensor([Channels], bias)));
        graph.Connect(Node, [input, first, second], Node.Outputs[0]);
    }

    private static bool IsZero(ProtoField pads) => pads.WireType == 0 ? pads.Value == 0 : ProtoField.ReadVarints(pads.Content.Span).TrueForAll(pad => pad == 0);
}
