using System.Text;

namespace Serving.TestKit.Graphs;

/// <summary>Writes small ONNX models, field by field (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto).</summary>
public sealed class OnnxGraphBuilder
{
    private readonly ProtoWriter _graph = new();

    /// <summary>Element types by the protocols' names, as TensorProto numbers them.</summary>
    private static readonly Dictionary<string, int> Types = new()
    {
        ["FP32"] = 1, ["UINT8"] = 2, ["INT8"] = 3, ["UINT16"] = 4, ["INT16"] = 5, ["INT32"] = 6, ["INT64"] = 7,
        ["BYTES"] = 8, ["BOOL"] = 9, ["FP16"] = 10, ["FP64"] = 11, ["UINT32"] = 12, ["UINT64"] = 13, ["BF16"] = 16,
    };

    /// <summary>Declares an input; extents are numbers or symbolic names.</summary>
    public OnnxGraphBuilder Input(string name, string type, params object[] shape) => Add(11, Value(name, type, shape));

    public OnnxGraphBuilder Output(string name, string type, params object[] shape) => Add(12, Value(name, type, shape));

    /// <summary>Adds an operator. Attributes are integers, lists of integers, floats, or graphs.</summary>
    public OnnxGraphBuilder Node(string type, string[] inputs, string[] outputs, params (string Name, object Value)[] attributes)
    {
        var node = new ProtoWriter();
        foreach (var input in inputs)
        {
            node.Text(1, input);
        }

        foreach (var output in outputs)
        {
            node.Text(2, output);
        }

        node.Text(4, type);
        foreach (var (name, value) in attributes)
        {
            node.Message(5, Attribute(name, value));
        }

        return Add(1, node);
    }

    /// <summary>A weight of 32-bit floats.</summary>
    public OnnxGraphBuilder Weight(string name, long[] shape, params float[] values) =>
        Tensor(name, "FP32", shape, [.. values.SelectMany(BitConverter.GetBytes)]);

    /// <summary>A weight of 64-bit integers.</summary>
    public OnnxGraphBuilder Weight(string name, long[] shape, params long[] values) =>
        Tensor(name, "INT64", shape, [.. values.SelectMany(BitConverter.GetBytes)]);

    /// <summary>A weight whose bytes lie in another file.</summary>
    public OnnxGraphBuilder ExternalWeight(string name, long[] shape, string file, long length)
    {
        var tensor = TensorHeader(name, "FP32", shape);
        foreach (var (key, value) in ((string, string)[])[("location", file), ("offset", "0"), ("length", $"{length}")])
        {
            tensor.Message(13, new ProtoWriter().Text(1, key).Text(2, value));
        }

        return Add(5, tensor.Number(14, 1));
    }

    /// <summary>The file's bytes: IR version 8, operator set 17.</summary>
    public byte[] ToBytes() => new ProtoWriter()
        .Number(1, 8)
        .Message(7, new ProtoWriter().Append(_graph).Text(2, "test"))
        .Message(8, new ProtoWriter().Number(2, 17))
        .ToBytes();

    /// <summary>Writes the file, and its folder where that is missing.</summary>
    public void Save(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, ToBytes());
    }

    private static ProtoWriter TensorHeader(string name, string type, long[] shape)
    {
        var tensor = new ProtoWriter();
        foreach (var extent in shape)
        {
            tensor.Number(1, extent);
        }

        return tensor.Number(2, Types[type]).Text(8, name);
    }

    private static ProtoWriter Value(string name, string type, object[] shape)
    {
        var dims = new ProtoWriter();
        foreach (var extent in shape)
        {
            dims.Message(1, extent is string symbol ? new ProtoWriter().Text(2, symbol) : new ProtoWriter().Number(1, Convert.ToInt64(extent)));
        }

        var tensor = new ProtoWriter().Number(1, Types[type]).Message(2, dims);
        return new ProtoWriter().Text(1, name).Message(2, new ProtoWriter().Message(1, tensor));
    }

    // AttributeProto: f = 2, i = 3, g = 6, ints = 8, type = 20 (1 float, 2 int, 5 graph, 7 ints).
    private static ProtoWriter Attribute(string name, object value)
    {
        var attribute = new ProtoWriter().Text(1, name);
        switch (value)
        {
            case OnnxGraphBuilder body:
                return attribute.Message(6, new ProtoWriter().Append(body._graph).Text(2, name)).Number(20, 5);
            case float number:
                return attribute.Float(2, number).Number(20, 1);
            case long[] numbers:
                foreach (var number in numbers)
                {
                    attribute.Number(8, number);
                }

                return attribute.Number(20, 7);
            default:
                return attribute.Number(3, Convert.ToInt64(value)).Number(20, 2);
        }
    }

    private OnnxGraphBuilder Tensor(string name, string type, long[] shape, byte[] raw) => Add(5, TensorHeader(name, type, shape).Bytes(9, raw));

    private OnnxGraphBuilder Add(int field, ProtoWriter message)
    {
        _graph.Message(field, message);
        return this;
    }

    /// <summary>Protobuf's wire format.</summary>
    private sealed class ProtoWriter
    {
        private readonly MemoryStream _stream = new();

        public ProtoWriter Number(int field, long value)
        {
            Varint((ulong)field << 3);
            Varint((ulong)value);
            return this;
        }

        public ProtoWriter Float(int field, float value)
        {
            Varint(((ulong)field << 3) | 5);
            _stream.Write(BitConverter.GetBytes(value));
            return this;
        }

        public ProtoWriter Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

        public ProtoWriter Message(int field, ProtoWriter message) => Bytes(field, message.ToBytes());

        public ProtoWriter Bytes(int field, byte[] value)
        {
            Varint(((ulong)field << 3) | 2);
            Varint((ulong)value.Length);
            _stream.Write(value);
            return this;
        }

        public ProtoWriter Append(ProtoWriter other)
        {
            _stream.Write(other.ToBytes());
            return this;
        }

        public byte[] ToBytes() => _stream.ToArray();

        private void Varint(ulong value)
        {
            for (; value >= 0x80; value >>= 7)
            {
                _stream.WriteByte((byte)(value | 0x80));
            }

            _stream.WriteByte((byte)value);
        }
    }
}
