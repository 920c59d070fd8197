using System.Buffers;
using System.Buffers.Binary;

namespace Serving.Server.Grpc.Infer;

/// <summary>Reads an entry of a map of parameters.</summary>
internal static class ParameterScanner
{
    private const int KeyField = 1;
    private const int ValueField = 2;

    public static bool TryScan(in ReadOnlySequence<byte> entry, out string key, out ParameterValue value)
    {
        key = "";
        value = default;
        var reader = new WireReader(entry);
        while (!reader.End)
        {
            if (!reader.TryReadTag(out var field, out var type))
            {
                return false;
            }

            var known = type == WireType.Length && field is KeyField or ValueField;
            if (!(known ? TryReadPart(ref reader, field, ref key, ref value) : reader.TrySkip(field, type)))
            {
                return false;
            }
        }

        return true;
    }

    private static bool TryReadPart(ref WireReader reader, int field, ref string key, ref ParameterValue value) =>
        reader.TryReadBytes(out var bytes)
        && (field == KeyField ? WireText.TryDecode(bytes, out key) : TryScanValue(bytes, out value));

    private static bool TryScanValue(in ReadOnlySequence<byte> message, out ParameterValue value)
    {
        value = default;
        var reader = new WireReader(message);
        while (!reader.End)
        {
            if (!reader.TryReadTag(out var field, out var type))
            {
                return false;
            }

            var kind = field <= (int)ParameterKind.UInt64 ? (ParameterKind)field : ParameterKind.None;
            var known = kind != ParameterKind.None && type == WireTypeOf(kind);
            if (!(known ? TryReadValue(ref reader, kind, out value) : reader.TrySkip(field, type)))
            {
                return false;
            }
        }

        return true;
    }

    private static WireType WireTypeOf(ParameterKind kind) => kind switch
    {
        ParameterKind.String => WireType.Length,
        ParameterKind.Double => WireType.Fixed64,
        _ => WireType.Varint,
    };

    private static bool TryReadValue(ref WireReader reader, ParameterKind kind, out ParameterValue value)
    {
        value = default;
        ulong bits = 0;
        string? text = null;
        switch (kind)
        {
            case ParameterKind.String:
                if (!reader.TryReadBytes(out var utf8) || !WireText.TryDecode(utf8, out text))
                {
                    return false;
                }

                break;
            case ParameterKind.Double:
                if (!reader.TryReadFixed(WireType.Fixed64, out var bytes))
                {
                    return false;
                }

                Span<byte> copy = stackalloc byte[sizeof(double)];
                bytes.CopyTo(copy);
                bits = BinaryPrimitives.ReadUInt64LittleEndian(copy);
                break;
            default:
                if (!reader.TryReadVarint(out bits))
                {
                    return false;
                }

                bits = kind == ParameterKind.Bool ? Math.Min(bits, 1) : bits;
                break;
        }

        value = new ParameterValue(kind, bits, text);
        return true;
    }
}
