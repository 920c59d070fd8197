using Serving.Runtime.Tensors;

namespace Serving.Runtime.Graphs;

/// <summary>A graph's declaration of one of its values.</summary>
internal sealed class ValueInfo
{
    // TensorProto.DataType by number; null for those that no protocol carries.
    private static readonly ElementType?[] Types =
    [
        null, ElementType.Float32, ElementType.UInt8, ElementType.Int8, ElementType.UInt16, ElementType.Int16,
        ElementType.Int32, ElementType.Int64, ElementType.Bytes, ElementType.Bool, ElementType.Float16,
        ElementType.Float64, ElementType.UInt32, ElementType.UInt64, null, null, ElementType.BFloat16,
    ];

    private readonly List<long> _dims = [];
    private readonly List<string> _axisNames = [];
    private string _kind = "nothing";
    private long _elementType;
    private bool _hasShape;

    public string Name { get; private set; } = "";

    /// <summary>Reads a ValueInfoProto: name = 1, type = 2.</summary>
    public static ValueInfo Read(ProtoReader reader, long end)
    {
        var info = new ValueInfo();
        while (reader.ReadTag(end))
        {
            switch (reader.Field)
            {
                case 1:
                    info.Name = reader.ReadString(end);
                    break;
                case 2:
                    info.ReadType(reader, reader.ReadLength(end));
                    break;
                default:
                    reader.Skip(end);
                    break;
            }
        }

        return info;
    }

    /// <summary>Our element type for ONNX's number of it; null where no protocol carries it.</summary>
    public static ElementType? TypeOf(long number) => number >= 0 && number < Types.Length ? Types[number] : null;

    /// <summary>As the protocols know it; <see cref="InvalidDataException"/> for what none of them can carry.</summary>
    public TensorSignature ToSignature(string role, bool optional)
    {
        if (_kind != "tensor")
        {
            throw new InvalidDataException($"{role} '{Name}' is a {_kind}; only tensors can be served");
        }

        var type = TypeOf(_elementType);
        if (type is null)
        {
            throw new InvalidDataException($"{role} '{Name}' has ONNX element type {_elementType}, which no protocol carries; expected one of {string.Join(", ", ElementTypes.AllNames)}");
        }

        return new TensorSignature(Name, type.Value, new TensorShape([.. _dims]), _axisNames, optional) { HasRank = _hasShape };
    }

    // TypeProto: tensor_type = 1, sequence_type = 4, map_type = 5, sparse_tensor_type = 8, optional_type = 9.
    private void ReadType(ProtoReader reader, long end)
    {
        while (reader.ReadTag(end))
        {
            _kind = reader.Field switch
            {
                1 => "tensor",
                4 => "sequence",
                5 => "map",
                8 => "sparse tensor",
                9 => "optional value",
                _ => _kind,
            };
            if (reader.Field == 1)
            {
                ReadTensorType(reader, reader.ReadLength(end));
            }
            else
            {
                reader.Skip(end);
            }
        }
    }

    // TypeProto.Tensor: elem_type = 1, shape = 2; TensorShapeProto: dim = 1.
    private void ReadTensorType(ProtoReader reader, long end)
    {
        while (reader.ReadTag(end))
        {
            switch (reader.Field)
            {
                case 1:
                    _elementType = (long)reader.ReadVarint();
                    break;
                case 2:
                    _hasShape = true;
                    var shapeEnd = reader.ReadLength(end);
                    while (reader.ReadTag(shapeEnd))
                    {
                        if (reader.Field == 1)
                        {
                            ReadDimension(reader, reader.ReadLength(shapeEnd));
                        }
                        else
                        {
                            reader.Skip(shapeEnd);
                        }
                    }

                    break;
                default:
                    reader.Skip(end);
                    break;
            }
        }
    }

    // Dimension: dim_value = 1, dim_param = 2. An extent of 0 or less is how some exporters write "unknown".
    private void ReadDimension(ProtoReader reader, long end)
    {
        var extent = -1L;
        var name = "";
        while (reader.ReadTag(end))
        {
            switch (reader.Field)
            {
                case 1:
                    extent = (long)reader.ReadVarint();
                    break;
                case 2:
                    name = reader.ReadString(end);
                    break;
                default:
                    reader.Skip(end);
                    break;
            }
        }

        _dims.Add(extent > 0 ? extent : -1);
        _axisNames.Add(name);
    }
}
