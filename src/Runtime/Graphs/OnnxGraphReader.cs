using System.Globalization;
using Serving.Runtime.Tensors;

namespace Serving.Runtime.Graphs;

/// <summary>
/// Reads inputs, outputs, operators and operator sets from an ONNX file. Field numbers are those of onnx.proto
/// (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto).
/// </summary>
internal sealed class OnnxGraphReader
{
    /// <summary>Graphs in operators in graphs; exporters make three at most, and a file must not exhaust the stack.</summary>
    private const int DeepestBody = 32;

    private readonly ProtoReader _reader;
    private readonly long _length;
    private readonly Dictionary<string, long> _operatorSets = [];
    private readonly Dictionary<string, string> _metadata = [];
    private readonly Dictionary<string, long[]> _initializers = [];
    private readonly List<ExternalTensor> _externalData = [];
    private readonly List<OnnxNode> _nodes = [];
    private readonly List<(string Domain, string Name, OnnxBody Body)> _functions = [];
    private readonly List<ValueInfo> _inputs = [];
    private readonly List<ValueInfo> _outputs = [];
    private string _name = "";
    private string _producer = "";
    private long _irVersion;
    private bool _hasGraph;

    private OnnxGraphReader(Stream stream)
    {
        _reader = new ProtoReader(stream);
        _length = stream.Length;
    }

    /// <summary>Reads a file; <see cref="InvalidDataException"/> says why one is not a usable model.</summary>
    public static OnnxGraph Read(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        return Read(stream);
    }

    /// <summary>Reads a stream that can seek.</summary>
    public static OnnxGraph Read(Stream stream) => new OnnxGraphReader(stream).ReadModel();

    private OnnxGraph ReadModel()
    {
        while (_reader.ReadTag(_length))
        {
            switch (_reader.Field)
            {
                case 1 when _reader.WireType == 0:
                    _irVersion = (long)_reader.ReadVarint();
                    break;
                case 2:
                    _producer = _reader.ReadString(_length);
                    break;
                case 7:
                    _hasGraph = true;
                    ReadGraph(_reader.ReadLength(_length));
                    break;
                case 8:
                    ReadOperatorSet(_reader.ReadLength(_length));
                    break;
                case 14:
                    var (key, value) = ReadEntry(_reader.ReadLength(_length));
                    _metadata[key] = value;
                    break;
                case 25:
                    ReadFunction(_reader.ReadLength(_length));
                    break;
                default:
                    _reader.Skip(_length);
                    break;
            }
        }

        if (!_hasGraph)
        {
            throw new InvalidDataException("not an ONNX model: the file holds no graph");
        }

        return new OnnxGraph
        {
            Name = _name,
            Producer = _producer,
            IrVersion = _irVersion,
            OperatorSets = _operatorSets,
            Inputs = [.. RequestInputs()],
            Outputs = [.. _outputs.Select(o => o.ToSignature("output", optional: false))],
            Nodes = _nodes,
            Functions = _functions.ToLookup(f => (f.Domain, f.Name), f => f.Body),
            Initializers = _initializers,
            ExternalData = _externalData,
            Metadata = _metadata,
        };
    }

    // Before IR 4 every weight had to be listed as an input; from 4 on, an input with a weight has a default value.
    private IEnumerable<TensorSignature> RequestInputs() =>
        from input in _inputs
        let hasDefault = _initializers.ContainsKey(input.Name)
        where !hasDefault || _irVersion >= 4
        select input.ToSignature("input", hasDefault);

    private void ReadGraph(long end)
    {
        while (_reader.ReadTag(end))
        {
            switch (_reader.Field)
            {
                case 1:
                    _nodes.Add(ReadNode(_reader.ReadLength(end), 0));
                    break;
                case 2:
                    _name = _reader.ReadString(end);
                    break;
                case 5:
                    ReadInitializer(_reader.ReadLength(end));
                    break;
                case 11:
                    _inputs.Add(ValueInfo.Read(_reader, _reader.ReadLength(end)));
                    break;
                case 12:
                    _outputs.Add(ValueInfo.Read(_reader, _reader.ReadLength(end)));
                    break;
                default:
                    _reader.Skip(end);
                    break;
            }
        }
    }

    // A graph inside an operator; only what connects it is kept, and its weights that lie in other files.
    private OnnxBody ReadBody(long end, int depth)
    {
        List<string> inputs = [];
        List<string> outputs = [];
        List<OnnxNode> nodes = [];
        while (_reader.ReadTag(end))
        {
            switch (_reader.Field)
            {
                case 1:
                    nodes.Add(ReadNode(_reader.ReadLength(end), depth));
                    break;
                case 5:
                    ReadInitializer(_reader.ReadLength(end));
                    break;
                case 11:
                    inputs.Add(ValueInfo.Read(_reader, _reader.ReadLength(end)).Name);
                    break;
                case 12:
                    outputs.Add(ValueInfo.Read(_reader, _reader.ReadLength(end)).Name);
                    break;
                default:
                    _reader.Skip(end);
                    break;
            }
        }

        return new OnnxBody(inputs, outputs, nodes);
    }

    // FunctionProto: name = 1, input = 4, output = 5, node = 7, domain = 10.
    private void ReadFunction(long end)
    {
        List<string> inputs = [];
        List<string> outputs = [];
        List<OnnxNode> nodes = [];
        var (name, domain) = ("", "");
        while (_reader.ReadTag(end))
        {
            switch (_reader.Field)
            {
                case 1:
                    name = _reader.ReadString(end);
                    break;
                case 4:
                    inputs.Add(_reader.ReadString(end));
                    break;
                case 5:
                    outputs.Add(_reader.ReadString(end));
                    break;
                case 7:
                    nodes.Add(ReadNode(_reader.ReadLength(end), 0));
                    break;
                case 10:
                    domain = _reader.ReadString(end);
                    break;
                default:
                    _reader.Skip(end);
                    break;
            }
        }

        _functions.Add((domain, name, new OnnxBody(inputs, outputs, nodes)));
    }

    private OnnxNode ReadNode(long end, int depth)
    {
        List<string> inputs = [];
        List<string> outputs = [];
        List<OnnxBody> bodies = [];
        var type = "";
        var domain = "";
        var axis = 0L;
        while (_reader.ReadTag(end))
        {
            switch (_reader.Field)
            {
                case 1:
                    inputs.Add(_reader.ReadString(end));
                    break;
                case 2:
                    outputs.Add(_reader.ReadString(end));
                    break;
                case 4:
                    type = _reader.ReadString(end);
                    break;
                case 5:
                    axis = ReadAttribute(_reader.ReadLength(end), bodies, depth) ?? axis;
                    break;
                case 7:
                    domain = _reader.ReadString(end);
                    break;
                default:
                    _reader.Skip(end);
                    break;
            }
        }

        return new OnnxNode(type, domain, inputs, outputs, axis, bodies);
    }

    // AttributeProto: name = 1, i = 3, g = 6. The name comes first in every exporter's files. Answers the value of 'axis'.
    private long? ReadAttribute(long end, List<OnnxBody> bodies, int depth)
    {
        var isAxis = false;
        long? value = null;
        while (_reader.ReadTag(end))
        {
            switch (_reader.Field)
            {
                case 1:
                    isAxis = _reader.ReadString(end) == "axis";
                    break;
                case 3 when isAxis && _reader.WireType == 0:
                    value = (long)_reader.ReadVarint();
                    break;
                case 6 when depth == DeepestBody:
                    throw new InvalidDataException($"the ONNX model has graphs inside operators more than {DeepestBody} deep");
                case 6:
                    bodies.Add(ReadBody(_reader.ReadLength(end), depth + 1));
                    break;
                default:
                    _reader.Skip(end);
                    break;
            }
        }

        return value;
    }

    // TensorProto: dims = 1, data_type = 2, name = 8, external_data = 13.
    private void ReadInitializer(long end)
    {
        List<long> dims = [];
        Dictionary<string, string> external = [];
        var name = "";
        var type = 0L;
        while (_reader.ReadTag(end))
        {
            switch (_reader.Field)
            {
                case 1:
                    _reader.ReadIntegers(end, dims);
                    break;
                case 2:
                    type = (long)_reader.ReadVarint();
                    break;
                case 8:
                    name = _reader.ReadString(end);
                    break;
                case 13:
                    var (key, value) = ReadEntry(_reader.ReadLength(end));
                    external[key] = value;
                    break;
                default:
                    _reader.Skip(end);
                    break;
            }
        }

        _initializers[name] = [.. dims];
        if (external.TryGetValue("location", out var location))
        {
            _externalData.Add(new ExternalTensor(
                name, ValueInfo.TypeOf(type), new TensorShape([.. dims]), location, ReadNumber(external, "offset") ?? 0, ReadNumber(external, "length")));
        }
    }

    private static long? ReadNumber(Dictionary<string, string> entries, string key)
    {
        if (!entries.TryGetValue(key, out var text))
        {
            return null;
        }

        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new InvalidDataException($"a weight in another file has the {key} '{text}'; expected a whole number");
    }

    private void ReadOperatorSet(long end)
    {
        var domain = "";
        var version = 0L;
        while (_reader.ReadTag(end))
        {
            switch (_reader.Field)
            {
                case 1:
                    domain = _reader.ReadString(end);
                    break;
                case 2:
                    version = (long)_reader.ReadVarint();
                    break;
                default:
                    _reader.Skip(end);
                    break;
            }
        }

        _operatorSets[domain == "ai.onnx" ? "" : domain] = version;
    }

    private (string Key, string Value) ReadEntry(long end)
    {
        var (key, value) = ("", "");
        while (_reader.ReadTag(end))
        {
            switch (_reader.Field)
            {
                case 1:
                    key = _reader.ReadString(end);
                    break;
                case 2:
                    value = _reader.ReadString(end);
                    break;
                default:
                    _reader.Skip(end);
                    break;
            }
        }

        return (key, value);
    }
}
