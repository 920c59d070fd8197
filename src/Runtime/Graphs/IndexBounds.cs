namespace Serving.Runtime.Graphs;

/// <summary>
/// How large the values of integer inputs may be, where the graph uses them to look up rows of a weight: an embedding's
/// row count bounds the ids. Follows each input through operators that keep or only shrink its values.
/// </summary>
internal static class IndexBounds
{
    private static readonly HashSet<string> Passing =
    [
        "Cast", "Identity", "Unsqueeze", "Squeeze", "Reshape", "Slice", "Flatten", "Transpose", "Split", "Expand", "Tile", "Clip",
    ];

    /// <summary>The smallest row count found for each input that reaches a lookup; inputs that reach none are missing.</summary>
    public static IReadOnlyDictionary<string, long> Find(OnnxGraph graph)
    {
        var readers = graph.Nodes
            .SelectMany(node => node.Inputs.Distinct().Where(name => name.Length > 0).Select(name => (name, node)))
            .ToLookup(pair => pair.name, pair => pair.node);
        var bounds = new Dictionary<string, long>();
        foreach (var input in graph.Inputs)
        {
            if (FindOne(input.Name, readers, graph.Initializers) is { } bound)
            {
                bounds[input.Name] = bound;
            }
        }

        return bounds;
    }

    private static long? FindOne(string input, ILookup<string, OnnxNode> readers, IReadOnlyDictionary<string, long[]> weights)
    {
        long? bound = null;
        var seen = new HashSet<string> { input };
        var open = new Queue<string>([input]);
        while (open.TryDequeue(out var value))
        {
            foreach (var node in readers[value])
            {
                if (node.Operator == "Gather" && node.Inputs.Count > 1 && node.Inputs[1] == value)
                {
                    if (weights.TryGetValue(node.Inputs[0], out var dims) && node.Axis >= 0 && node.Axis < dims.Length)
                    {
                        bound = Math.Min(bound ?? long.MaxValue, dims[node.Axis]);
                    }
                }
                else if (Passing.Contains(node.Operator) && node.Inputs[0] == value)
                {
                    foreach (var output in node.Outputs.Where(seen.Add))
                    {
                        open.Enqueue(output);
                    }
                }
            }
        }

        return bound;
    }
}
