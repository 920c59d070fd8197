using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Unicode;

namespace Serving.Server.Rest.Json;

/// <summary>Forms and walks the elements of a tensor of byte strings, each with its 32-bit length before it.</summary>
internal static class BytesElements
{
    private const int LengthBytes = sizeof(uint);

    /// <summary>Adds an element to a tensor.</summary>
    public static void Add(PooledBufferWriter block, ReadOnlySpan<byte> element)
    {
        var target = block.GetSpan(LengthBytes + element.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(target, (uint)element.Length);
        element.CopyTo(target[LengthBytes..]);
        block.Advance(LengthBytes + element.Length);
    }

    /// <summary>Adds the string that the reader stands on, unescaped; false where it stands on something else, or on no text.</summary>
    public static bool TryAdd(PooledBufferWriter block, ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            return false;
        }

        var target = block.GetSpan(LengthBytes + reader.ValueSpan.Length);
        if (!JsonText.TryCopy(ref reader, target[LengthBytes..], out var written))
        {
            return false;
        }

        BinaryPrimitives.WriteUInt32LittleEndian(target, (uint)written);
        block.Advance(LengthBytes + written);
        return true;
    }

    /// <summary>The number of elements; false where the lengths do not add up to the data.</summary>
    public static bool TryCount(ReadOnlySpan<byte> data, out long count)
    {
        for (count = 0; !data.IsEmpty; count++)
        {
            if (data.Length < LengthBytes)
            {
                return false;
            }

            var length = BinaryPrimitives.ReadUInt32LittleEndian(data);
            if (length > (uint)(data.Length - LengthBytes))
            {
                return false;
            }

            data = data[(LengthBytes + (int)length)..];
        }

        return true;
    }

    /// <summary>The first element that is no UTF-8, or -1. The data is known to be well-formed.</summary>
    public static long FirstThatIsNoText(ReadOnlySpan<byte> data)
    {
        for (var index = 0L; !data.IsEmpty; index++)
        {
            var length = (int)BinaryPrimitives.ReadUInt32LittleEndian(data);
            if (!Utf8.IsValid(data.Slice(LengthBytes, length)))
            {
                return index;
            }

            data = data[(LengthBytes + length)..];
        }

        return -1;
    }
}
