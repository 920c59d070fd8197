using System.Buffers;
using System.Buffers.Binary;

namespace Serving.Runtime.Tensors;

/// <summary>Byte-string tensors: each element a 32-bit little-endian length and that many bytes.</summary>
public static class StringTensors
{
    /// <summary>How many bytes the first elements take, their lengths included. The data must be valid.</summary>
    public static int Skip(ReadOnlySpan<byte> data, long elements)
    {
        var position = 0;
        for (var i = 0L; i < elements; i++)
        {
            position += sizeof(int) + BinaryPrimitives.ReadInt32LittleEndian(data[position..]);
        }

        return position;
    }

    /// <summary>Null where the data holds exactly so many elements, else what is wrong with it.</summary>
    public static string? Check(in ReadOnlySequence<byte> data, long elements)
    {
        var reader = new SequenceReader<byte>(data);
        for (var i = 0L; i < elements; i++)
        {
            if (!reader.TryReadLittleEndian(out int length))
            {
                return $"ends before element {i} of {elements}";
            }

            if (length < 0 || length > reader.Remaining)
            {
                return $"element {i} announces {(uint)length} bytes, {reader.Remaining} are left";
            }

            reader.Advance(length);
        }

        return reader.Remaining == 0 ? null : $"holds {reader.Remaining} bytes after its {elements} elements";
    }

    /// <summary>The elements, where they lie. The data must be valid.</summary>
    public static ReadOnlySequence<byte>[] Split(in ReadOnlySequence<byte> data, int elements)
    {
        var split = new ReadOnlySequence<byte>[elements];
        var reader = new SequenceReader<byte>(data);
        for (var i = 0; i < elements; i++)
        {
            reader.TryReadLittleEndian(out int length);
            reader.TryReadExact(length, out split[i]);
        }

        return split;
    }
}
