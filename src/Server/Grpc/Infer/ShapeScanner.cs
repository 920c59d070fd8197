using System.Buffers;

namespace Serving.Server.Grpc.Infer;

/// <summary>Reads the field <c>shape</c>, packed or not, in one piece or several.</summary>
internal static class ShapeScanner
{
    /// <summary>More axes than any tensor library has; without a bound a shape could cost eight times its length in memory.</summary>
    private const int MostAxes = 1024;

    /// <param name="reader">Stands behind the field's tag.</param>
    /// <param name="type">How the field is written.</param>
    /// <param name="known">A shape that is taken, and not made again, where the field says the same.</param>
    /// <param name="shape">What came before, and the field's axes behind that.</param>
    public static bool TryAppend(ref WireReader reader, WireType type, long[] known, ref long[] shape)
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

        if (!reader.TryReadBytes(out var packed))
        {
            return false;
        }

        if (shape.Length == 0 && Is(packed, known))
        {
            shape = known;
            return true;
        }

        return TryAppend(packed, ref shape);
    }

    private static bool Is(in ReadOnlySequence<byte> packed, long[] known)
    {
        var values = new WireReader(packed);
        foreach (var axis in known)
        {
            if (values.End || !values.TryReadVarint(out var value) || (long)value != axis)
            {
                return false;
            }
        }

        return values.End;
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
