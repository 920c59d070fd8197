namespace Serving.Runtime.Graphs.Rewriting;

/// <summary>
/// Brings graphs into a form that ONNX Runtime optimises, where exporters wrote what it does not recognise. What is computed stays
/// the same up to rounding; which graphs gain by it, and by how much, is in decision 21.
/// </summary>
internal static class GraphRewriter
{
    // Graphs with such activations were made for phones; what is larger is not worth its copies in memory.
    private const long LargestFile = 256L << 20;

    // The first with broadcasting as it is today, and with BatchNormalization without a choice of axes.
    private const long FirstOperatorSet = 7;

    // From this version of the format on, an input's weight is a default that a request may replace.
    private const long FirstWithDefaults = 4;

    /// <summary>The rewritten model; null where there is nothing to rewrite.</summary>
    /// <param name="path">The graph's file.</param>
    /// <param name="graph">What it says about itself.</param>
    public static byte[]? TryRewrite(string path, OnnxGraph graph)
    {
        if (!IsCandidate(graph) || new FileInfo(path).Length > LargestFile)
        {
            return null;
        }

        try
        {
            return TryRewrite(File.ReadAllBytes(path), graph.IrVersion);
        }
        catch (InvalidDataException)
        {
            // What is damaged, and where, ONNX Runtime says.
            return null;
        }
    }

    /// <summary>The same of a file's content.</summary>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    internal static byte[]? TryRewrite(ReadOnlyMemory<byte> model, long irVersion)
    {
        var graph = RewritableGraph.Read(model, irVersion >= FirstWithDefaults);

        // Before numbers are moved, which would take a hard-sigmoid's own; and after, where they stood in between.
        var found = HardSwishes.Apply(graph);
        found |= NumbersIntoConvolutions.Apply(graph);
        found |= HardSwishes.Apply(graph);
        found |= NumbersAfterActivations.Apply(graph);
        return found ? graph.Write() : null;
    }

    /// <summary>Whether there may be something; operators with graphs inside could read values that nobody else does.</summary>
    private static bool IsCandidate(OnnxGraph graph) =>
        graph.ExternalData.Count == 0
        && graph.Functions.Count == 0
        && graph.OperatorSets.GetValueOrDefault("") >= FirstOperatorSet
        && graph.Nodes.All(node => node.Bodies.Count == 0)
        && graph.Nodes.Any(node => node.Operator == "Conv")
        && graph.Nodes.Any(node => node.Operator is "Mul" or "Add");
}
