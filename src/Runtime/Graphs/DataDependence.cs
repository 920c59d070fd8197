using System.Collections.Frozen;

namespace Serving.Runtime.Graphs;

/// <summary>
/// Follows inputs through a graph and says of every value whether its elements, or even its extents, depend on what is in them.
/// Errs to the careful side: an operator that is not known to keep extents apart from contents is taken to mix them.
/// </summary>
internal sealed class DataDependence
{
    /// <summary>Functions that call functions; ONNX forbids those that call themselves, but a file may do it.</summary>
    private const int DeepestCall = 16;

    private const Dependence All = Dependence.Values | Dependence.Extents;

    /// <summary>Domains whose operators are known; a custom operator may do anything.</summary>
    private static readonly FrozenSet<string> KnownDomains =
        FrozenSet.ToFrozenSet(["", "ai.onnx", "ai.onnx.ml", "com.microsoft", "com.microsoft.nchwc", "com.ms.internal.nhwc"]);

    /// <summary>
    /// From which input on an operator's extents follow from what its inputs hold
    /// (https://github.com/onnx/onnx/blob/main/docs/Operators.md). Every other operator's follow from its inputs' extents.
    /// </summary>
    private static readonly FrozenDictionary<string, int> ExtentsFromInput = new Dictionary<string, int>
    {
        ["NonZero"] = 0, ["NonMaxSuppression"] = 0, ["Unique"] = 0, ["Compress"] = 0, ["StringSplit"] = 0, ["ImageDecoder"] = 0,
        ["RemovePadding"] = 0, ["Tokenizer"] = 0, ["BeamSearch"] = 0, ["GreedySearch"] = 0, ["Sampling"] = 0, ["WhisperBeamSearch"] = 0,
        ["ConstantOfShape"] = 0, ["Range"] = 0, ["HannWindow"] = 0, ["HammingWindow"] = 0, ["BlackmanWindow"] = 0, ["MelWeightMatrix"] = 0,
        ["Reshape"] = 1, ["Expand"] = 1, ["Tile"] = 1, ["Slice"] = 1, ["Pad"] = 1, ["Resize"] = 1, ["Upsample"] = 1, ["TopK"] = 1,
        ["OneHot"] = 1, ["Split"] = 1, ["SplitToSequence"] = 1, ["SequenceAt"] = 1, ["SequenceErase"] = 1, ["Squeeze"] = 1, ["Unsqueeze"] = 1,
        ["CenterCropPad"] = 1, ["Col2Im"] = 1, ["AffineGrid"] = 1, ["DFT"] = 1, ["STFT"] = 1, ["MaxUnpool"] = 2, ["CropAndResize"] = 3,
    }.ToFrozenDictionary();

    private readonly Dictionary<string, Dependence> _values = [];
    private readonly ILookup<(string Domain, string Name), OnnxBody> _functions;
    private readonly int _depth;
    private bool _changed;

    private DataDependence(ILookup<(string Domain, string Name), OnnxBody> functions, int depth)
    {
        _functions = functions;
        _depth = depth;
    }

    /// <summary>Follows the named inputs; all others are taken to be given.</summary>
    public static DataDependence On(OnnxGraph graph, IEnumerable<string> inputs)
    {
        var dependence = new DataDependence(graph.Functions, 0);
        foreach (var input in inputs)
        {
            dependence._values[input] = Dependence.Values;
        }

        dependence.Settle(graph.Nodes);
        return dependence;
    }

    /// <summary>What of a value, such as an output of the graph, follows from the inputs' contents.</summary>
    public Dependence Of(string value) => _values.GetValueOrDefault(value);

    // Values only ever gain dependences, so this ends; loops carry what their bodies make back to their start.
    private void Settle(IReadOnlyList<OnnxNode> nodes)
    {
        do
        {
            _changed = false;
            Visit(nodes);
        }
        while (_changed);
    }

    private void Visit(IReadOnlyList<OnnxNode> nodes)
    {
        foreach (var node in nodes)
        {
            Visit(node);
        }
    }

    private void Visit(OnnxNode node)
    {
        if (node.Bodies.Count > 0)
        {
            VisitBodies(node);
        }
        else if (_depth < DeepestCall && _functions.Contains((node.Domain, node.Operator)))
        {
            Call(node);
        }
        else
        {
            var made = Made(node);
            foreach (var output in node.Outputs)
            {
                Join(output, made);
            }
        }
    }

    private Dependence Made(OnnxNode node)
    {
        if (node.Operator is "Shape" or "Size")
        {
            return node.Inputs.Any(input => Of(input).HasFlag(Dependence.Extents)) ? Dependence.Values : Dependence.None;
        }

        var all = node.Inputs.Aggregate(Dependence.None, (sum, input) => sum | Of(input));
        var isKnown = KnownDomains.Contains(node.Domain) && !_functions.Contains((node.Domain, node.Operator));
        var deciding = isKnown ? ExtentsFromInput.GetValueOrDefault(node.Operator, int.MaxValue) : 0;
        return node.Inputs.Skip(deciding).Any(input => Of(input) != Dependence.None) ? All
            : all.HasFlag(Dependence.Extents) ? All
            : all;
    }

    private void VisitBodies(OnnxNode node)
    {
        foreach (var body in node.Bodies)
        {
            // The bodies of If have no inputs; the others' stand in the order of the operator's.
            Pair(node.Inputs, body.Inputs);
            Visit(body.Nodes);
            if (node.Operator == "Loop")
            {
                // Out of a body come the condition and what is carried; in go the count, the condition and what is carried.
                Pair(body.Outputs, [.. body.Inputs.Skip(1)]);
                Pair([.. body.Outputs.Skip(1)], node.Outputs);
            }
            else
            {
                Pair(body.Outputs, body.Inputs);
                Pair(body.Outputs, node.Outputs);
            }
        }

        if (IsDecidedByValues(node))
        {
            foreach (var output in node.Outputs)
            {
                Join(output, All);
            }
        }
    }

    // Which branch runs, and how often a loop does, decides what comes out and how much of it.
    private bool IsDecidedByValues(OnnxNode node) => node.Operator switch
    {
        "If" => node.Inputs.Any(input => Of(input) != Dependence.None),
        "Loop" => node.Inputs.Take(2).Any(input => Of(input) != Dependence.None)
            || node.Bodies.Any(body => body.Outputs.Take(1).Any(condition => Of(condition) != Dependence.None)),
        "Scan" => false,
        _ => node.Inputs.Any(input => Of(input) != Dependence.None),
    };

    private void Call(OnnxNode node)
    {
        foreach (var function in _functions[(node.Domain, node.Operator)])
        {
            var inside = new DataDependence(_functions, _depth + 1);
            foreach (var (given, input) in node.Inputs.Zip(function.Inputs))
            {
                inside._values[input] = Of(given);
            }

            inside.Settle(function.Nodes);
            foreach (var (result, output) in function.Outputs.Zip(node.Outputs))
            {
                Join(output, inside.Of(result));
            }
        }
    }

    private void Pair(IReadOnlyList<string> from, IReadOnlyList<string> to)
    {
        foreach (var (source, target) in from.Zip(to))
        {
            Join(target, Of(source));
        }
    }

    // An input or output that was left out has no name.
    private void Join(string value, Dependence more)
    {
        var known = Of(value);
        if (value.Length > 0 && (known | more) != known)
        {
            _values[value] = known | more;
            _changed = true;
        }
    }
}
