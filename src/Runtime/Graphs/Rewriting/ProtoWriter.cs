using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Serving.Runtime.Graphs.Rewriting;

/// <summary>Writes the fields of a protobuf message.</summary>
internal sealed class ProtoWriter
{
    private readonly MemoryStream _stream = new();

    public ReadOnlyMemory<byte> Written => _stream.GetBuffer().AsMemory(0, (int)_stream.Length);

    public byte[] ToArray() => _stream.ToArray();

    /// <summary>A field as it was read.</summary>
    public ProtoWriter Add(ProtoField field)
    {
        _stream.Write(field.Whole.Span);
        return this;
    }

    public ProtoWriter Add(int number, string text) => Add(number, Encoding.UTF8.GetBytes(text));

    public ProtoWriter Add(int number, ProtoWriter message) => Add(number, message.Written.Span);

    /// <summary>Floats as TensorProto's raw_data has them: little-endian.</summary>
    public ProtoWriter Add(int number, float[] values)
    {
        if (BitConverter.IsLittleEndian)
        {
            return Add(number, MemoryMarshal.AsBytes(values.AsSpan()));
        }

        var bytes = new byte[values.Length * sizeof(float)];
        for (var i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), values[i]);
        }

        return Add(number, bytes);
    }

    public ProtoWriter Add(int number, ReadOnlySpan<byte> content)
    {
        Varint(((ulong)number << 3) | 2);
        Varint((ulong)content.Length);
        _stream.Write(content);
        return this;
    }

    public ProtoWriter Add(int number, long value)
    {
        Varint((ulong)number << 3);
        Varint((ulong)value);
        return this;
    }

    public ProtoWriter Add(int number, float value)
    {
        Varint(((ulong)number << 3) | 5);
        Span<byte> bytes = stackalloc byte[sizeof(float)];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
        _stream.Write(bytes);
        return this;
    }

    private void Varint(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            _stream.WriteByte((byte)(value | 0x80));
        }

        _stream.WriteByte((byte)value);
    }
}
