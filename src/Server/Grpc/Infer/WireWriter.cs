using System.Numerics;
using System.Text;

namespace Serving.Server.Grpc.Infer;

/// <summary>Writes protobuf's wire format into memory whose size was computed before.</summary>
internal ref struct WireWriter(Span<byte> target)
{
    private readonly Span<byte> _target = target;

    /// <summary>Bytes written so far.</summary>
    public int Written { get; private set; }

    public static int VarintSize(ulong value) => (BitOperations.Log2(value | 1) / 7) + 1;

    /// <summary>The size of a field with a length and that many bytes, whose number is below 16.</summary>
    public static long FieldSize(long length) => 1 + VarintSize((ulong)length) + length;

    /// <summary>The size of a text field whose number is below 16; empty ones are left out.</summary>
    public static long TextSize(string? text) => string.IsNullOrEmpty(text) ? 0 : FieldSize(Encoding.UTF8.GetByteCount(text));

    public void WriteVarint(ulong value)
    {
        while (value >= 0x80)
        {
            _target[Written++] = (byte)(value | 0x80);
            value >>= 7;
        }

        _target[Written++] = (byte)value;
    }

    /// <summary>The tag and length of a field, before its bytes.</summary>
    public void WriteHeader(int field, long length)
    {
        WriteVarint(((ulong)field << 3) | (ulong)WireType.Length);
        WriteVarint((ulong)length);
    }

    /// <summary>Fields that were encoded before.</summary>
    public void WriteBytes(ReadOnlySpan<byte> fields)
    {
        fields.CopyTo(_target[Written..]);
        Written += fields.Length;
    }

    public void WriteText(int field, string? text)
    {
        if (!string.IsNullOrEmpty(text))
        {
            WriteHeader(field, Encoding.UTF8.GetByteCount(text));
            Written += Encoding.UTF8.GetBytes(text, _target[Written..]);
        }
    }
}
