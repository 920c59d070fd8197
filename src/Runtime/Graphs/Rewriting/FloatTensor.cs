using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Serving.Runtime.Graphs.Rewriting;

/// <summary>A constant of 32-bit floats.</summary>
/// <param name="Shape">Its extents.</param>
/// <param name="Values">Its values.</param>
internal sealed record FloatTensor(long[] Shape, float[] Values)
{
    private const int FloatType = 1;

    /// <summary>The value where there is one alone, of no rank or of rank 1, so that it makes nothing that it meets of a higher rank.</summary>
    public float? Scalar => Values.Length == 1 && Shape.Length <= 1 && float.IsFinite(Values[0]) ? Values[0] : null;

    /// <summary>Reads a TensorProto (dims = 1, data_type = 2, float_data = 4, raw_data = 9); null where it holds anything else, or nothing.</summary>
    public static FloatTensor? Read(ReadOnlyMemory<byte> tensor)
    {
        var shape = new List<long>();
        var (type, values) = (0UL, new List<float>());
        foreach (var field in ProtoField.Read(tensor))
        {
            switch (field.Number, field.WireType)
            {
                case (1, 0):
                    shape.Add((long)field.Value);
                    break;
                case (1, 2):
                    shape.AddRange(ProtoField.ReadVarints(field.Content.Span));
                    break;
                case (2, 0):
                    type = field.Value;
                    break;
                case (4, _) or (9, 2):
                    ReadFloats(field.Content.Span, values);
                    break;
            }
        }

        return type == FloatType && shape.TrueForAll(extent => extent > 0) && shape.Aggregate(1.0, (product, extent) => product * extent) == values.Count
            ? new FloatTensor([.. shape], [.. values])
            : null;
    }

    /// <summary>The node that makes this constant. NodeProto: output = 2, op_type = 4, attribute = 5; AttributeProto: name = 1, t = 5, type = 20.</summary>
    public ProtoWriter ToNode(string name)
    {
        var tensor = new ProtoWriter();
        foreach (var extent in Shape)
        {
            tensor.Add(1, extent);
        }

        tensor.Add(2, FloatType).Add(9, Values);
        return new ProtoWriter().Add(2, name).Add(4, "Constant").Add(5, new ProtoWriter().Add(1, "value").Add(5, tensor).Add(20, 4));
    }

    private static void ReadFloats(ReadOnlySpan<byte> bytes, List<float> values)
    {
        var from = values.Count;
        CollectionsMarshal.SetCount(values, from + (bytes.Length / sizeof(float)));
        var into = CollectionsMarshal.AsSpan(values)[from..];
        for (var i = 0; i < into.Length; i++)
        {
            into[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes[(i * sizeof(float))..]);
        }
    }
}
