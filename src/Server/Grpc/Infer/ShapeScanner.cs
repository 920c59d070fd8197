using System.Buffers;

namespace Serving.Server.Grpc.Infer;

/// <summary>Reads the field <c>shape</c>, packed or not, in one piece or several.</summary>
internal static class ShapeScanner
{
    /// <summary>More axes than any tensor library has; without a bound a shape could cost eight times its length in memory.</summary>
    private const int MostAxes = 1024;

    public static bool TryAppend(ref WireReader reader, WireType type, ref long[] shape)
    {
        if (type == WireType.Varint)
        {
            if (shape.Length >= MostAxes || !reader.TryReadVarint(out var axis))
            {
                return false;
            }

            Array.Resize(ref shape, shape.Length + 1);
            shape[^1] = (long)axis;
            return true;
        }

        return reader.TryReadBytes(out var packed) && TryAppend(packed, ref shape);
    }

    private static bool TryAppend(in ReadOnlySequence<byte> packed, ref long[] shape)
    {
        var count = PackedVarints.Count(packed);
        if (count < 0 || count > MostAxes - shape.Length)
        {
            return false;
        }

        var axis = shape.Length;
        Array.Resize(ref shape, shape.Length + (int)count);
        var values = new WireReader(packed);
        while (!values.End)
        {
            if (!values.TryReadVarint(out var value))
            {
                return false;
            }

            shape[axis++] = (long)value;
        }

        return true;
    }
}
