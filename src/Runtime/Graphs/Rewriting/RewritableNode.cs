namespace Serving.Runtime.Graphs.Rewriting;

/// <summary>An operator that can be changed. NodeProto: input = 1, output = 2, op_type = 4, attribute = 5, domain = 7.</summary>
internal sealed class RewritableNode
{
    private readonly List<ProtoField> _others = [];
    private readonly List<(string Name, ReadOnlyMemory<byte> Content)> _attributes = [];
    private readonly ProtoField _whole;
    private bool _isChanged;

    public RewritableNode(ProtoField whole)
    {
        _whole = whole;
        List<string> inputs = [];
        List<string> outputs = [];
        foreach (var field in ProtoField.Read(whole.Content))
        {
            switch (field.Number)
            {
                case 1:
                    inputs.Add(field.Text);
                    break;
                case 2:
                    outputs.Add(field.Text);
                    break;
                case 4:
                    Operator = field.Text;
                    break;
                case 5:
                    _attributes.Add((ProtoField.Read(field.Content).FirstOrDefault(part => part.Number == 1).Text, field.Content));
                    break;
                default:
                    HasDomain |= field.Number == 7 && field.Content.Length > 0 && field.Text != "ai.onnx";
                    _others.Add(field);
                    break;
            }
        }

        (Inputs, Outputs) = (inputs, outputs);
    }

    /// <summary>The operator's type.</summary>
    public string Operator { get; private set; } = "";

    /// <summary>Whether it is not one of ONNX's own.</summary>
    public bool HasDomain { get; }

    public IReadOnlyList<string> Inputs { get; private set; }

    public IReadOnlyList<string> Outputs { get; private set; }

    public bool IsRemoved { get; set; }

    /// <summary>Whether it is this operator of ONNX, with one output.</summary>
    public bool Is(string type) => !IsRemoved && !HasDomain && Operator == type && Outputs.Count == 1;

    /// <summary>The parts of an attribute (AttributeProto: f = 2, i = 3, t = 5, ints = 8); none where it has no such.</summary>
    public IEnumerable<ProtoField> Attribute(string name) =>
        _attributes.Where(attribute => attribute.Name == name).SelectMany(attribute => ProtoField.Read(attribute.Content));

    /// <summary>The graph's part of a change; <see cref="RewritableGraph"/> keeps who reads what.</summary>
    internal void Connect(IReadOnlyList<string> inputs, string output)
    {
        (Inputs, Outputs, _isChanged) = (inputs, [output], true);
    }

    /// <summary>Becomes another operator, with these attributes.</summary>
    public void Become(string type, params (string Name, float Value)[] attributes)
    {
        (Operator, _isChanged) = (type, true);
        _attributes.Clear();
        _attributes.AddRange(attributes.Select(attribute =>
            (attribute.Name, new ProtoWriter().Add(1, attribute.Name).Add(2, attribute.Value).Add(20, 1).Written)));
    }

    public void Write(ProtoWriter graph)
    {
        if (!_isChanged)
        {
            graph.Add(_whole);
            return;
        }

        var node = new ProtoWriter();
        foreach (var input in Inputs)
        {
            node.Add(1, input);
        }

        node.Add(2, Outputs[0]).Add(4, Operator);
        foreach (var (_, content) in _attributes)
        {
            node.Add(5, content.Span);
        }

        _others.ForEach(field => node.Add(field));
        graph.Add(1, node);
    }
}
