namespace Serving.Runtime.Graphs.Rewriting;

/// <summary>
/// A model whose operators can be changed; whatever else it holds is written again as it was. ModelProto: graph = 7; GraphProto:
/// node = 1, initializer = 5, input = 11, output = 12.
/// </summary>
internal sealed class RewritableGraph
{
    private const int Graph = 7;

    // Bytes of a tensor with a single number, its name and what exporters say of it; larger ones need not be looked at.
    private const int LongestNumber = 1024;

    private readonly ProtoField[] _model;
    private readonly List<(ProtoField Field, RewritableNode? Node)> _graph = [];
    private readonly Dictionary<string, ReadOnlyMemory<byte>> _tensors = [];
    private readonly Dictionary<string, List<RewritableNode>> _readers = [];
    private readonly Dictionary<string, RewritableNode> _makers = [];
    private readonly HashSet<string> _outputs = [];
    private readonly Dictionary<string, FloatTensor> _added = [];

    private RewritableGraph(ProtoField[] model)
    {
        _model = model;
    }

    public IEnumerable<RewritableNode> Nodes => from part in _graph where part.Node is { IsRemoved: false } select part.Node;

    /// <summary>Reads a file's content.</summary>
    /// <param name="model">The content.</param>
    /// <param name="hasDefaults">Whether an input with a weight is one whose weight a request may replace, rather than any weight.</param>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public static RewritableGraph Read(ReadOnlyMemory<byte> model, bool hasDefaults)
    {
        var graph = new RewritableGraph([.. ProtoField.Read(model)]);
        var parts = graph._model.Where(field => field.Number == Graph).ToArray();
        if (parts.Length != 1)
        {
            throw new InvalidDataException($"the model has {parts.Length} graphs, expected one");
        }

        foreach (var field in ProtoField.Read(parts[0].Content))
        {
            graph.Add(field, hasDefaults);
        }

        return graph;
    }

    /// <summary>A constant of floats; null where the value is none.</summary>
    public FloatTensor? Constant(string value) =>
        _added.TryGetValue(value, out var added) ? added : _tensors.TryGetValue(value, out var tensor) ? FloatTensor.Read(tensor) : null;

    /// <summary>The operator that makes a value; null for inputs and weights.</summary>
    public RewritableNode? Maker(string value) => _makers.GetValueOrDefault(value);

    /// <summary>The operator that alone reads what another makes; null where several do, or the model's user.</summary>
    public RewritableNode? OnlyReader(RewritableNode node) =>
        !_outputs.Contains(node.Outputs[0]) && _readers.TryGetValue(node.Outputs[0], out var readers) && readers.Count == 1 ? readers[0] : null;

    /// <summary>The one of an operator's two inputs that is a single number, and the other; null where neither is.</summary>
    public (string Value, float Number)? Scalar(RewritableNode node) => node.Inputs.Count != 2 ? null
        : Number(node.Inputs[1]) is { } second ? (node.Inputs[0], second)
        : Number(node.Inputs[0]) is { } first ? (node.Inputs[1], first)
        : null;

    /// <summary>A constant that is a single number.</summary>
    public float? Number(string value) => _tensors.TryGetValue(value, out var tensor) && tensor.Length <= LongestNumber ? FloatTensor.Read(tensor)?.Scalar : null;

    /// <summary>Keeps a new constant and answers its name.</summary>
    public string AddConstant(FloatTensor tensor)
    {
        var number = _added.Count;
        string name;
        do
        {
            name = $"rewritten_{number++}";
        }
        while (_added.ContainsKey(name) || _tensors.ContainsKey(name) || _makers.ContainsKey(name) || _readers.ContainsKey(name));
        _added[name] = tensor;
        return name;
    }

    /// <summary>Gives an operator other inputs and another output.</summary>
    public void Connect(RewritableNode node, IReadOnlyList<string> inputs, string output)
    {
        Disconnect(node);
        node.Connect(inputs, output);
        Index(node);
    }

    public void Remove(RewritableNode node)
    {
        Disconnect(node);
        node.IsRemoved = true;
    }

    /// <summary>The model, to be loaded or written.</summary>
    public byte[] Write()
    {
        var graph = new ProtoWriter();
        foreach (var (name, tensor) in _added)
        {
            graph.Add(1, tensor.ToNode(name));
        }

        foreach (var (field, node) in _graph)
        {
            if (node is null)
            {
                graph.Add(field);
            }
            else if (!node.IsRemoved && !IsLeftOver(node))
            {
                node.Write(graph);
            }
        }

        var model = new ProtoWriter();
        foreach (var field in _model)
        {
            _ = field.Number == Graph ? model.Add(Graph, graph) : model.Add(field);
        }

        return model.ToArray();
    }

    private static ReadOnlyMemory<byte>? ValueOf(RewritableNode constant) =>
        constant.Attribute("value").Where(part => part.Number == 5).Select(part => (ReadOnlyMemory<byte>?)part.Content).FirstOrDefault();

    private void Add(ProtoField field, bool hasDefaults)
    {
        var name = field.Number is 5 or 11 or 12
            ? ProtoField.Read(field.Content).FirstOrDefault(part => part.Number == (field.Number == 5 ? 8 : 1)).Text
            : "";
        var node = field.Number == 1 ? new RewritableNode(field) : null;
        _graph.Add((field, node));
        switch (field.Number)
        {
            case 1:
                Index(node!);
                if (node!.Is("Constant") && ValueOf(node) is { } tensor)
                {
                    _tensors[node.Outputs[0]] = tensor;
                }

                break;
            case 5:
                _tensors.TryAdd(name, field.Content);
                break;
            case 11 when hasDefaults:
                // Nothing is known of what a request may replace: an empty tensor is no constant.
                _tensors[name] = default;
                break;
            case 12:
                _outputs.Add(name);
                break;
        }
    }

    private bool IsLeftOver(RewritableNode node) =>
        node.Is("Constant") && !_outputs.Contains(node.Outputs[0]) && !(_readers.TryGetValue(node.Outputs[0], out var readers) && readers.Count > 0);

    private void Index(RewritableNode node)
    {
        foreach (var input in node.Inputs)
        {
            if (!_readers.TryGetValue(input, out var readers))
            {
                _readers[input] = readers = [];
            }

            readers.Add(node);
        }

        foreach (var output in node.Outputs)
        {
            _makers[output] = node;
        }
    }

    private void Disconnect(RewritableNode node)
    {
        foreach (var input in node.Inputs)
        {
            _readers[input].Remove(node);
        }

        foreach (var output in node.Outputs)
        {
            if (_makers.TryGetValue(output, out var maker) && maker == node)
            {
                _makers.Remove(output);
            }
        }
    }
}
