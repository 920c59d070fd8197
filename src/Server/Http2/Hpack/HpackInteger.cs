namespace Serving.Server.Http2.Hpack;

/// <summary>Integers that begin within a byte (RFC 7541, section 5.1).</summary>
internal static class HpackInteger
{
    /// <summary>More than any length or number that is accepted; five bytes hold it.</summary>
    private const int Most = 1 << 28;

    /// <summary>Reads one whose first byte is at <paramref name="position"/> and moves on; false where it is cut off or too large.</summary>
    public static bool TryRead(ReadOnlySpan<byte> source, ref int position, int prefixBits, out int value)
    {
        value = 0;
        if (position >= source.Length)
        {
            return false;
        }

        var mask = (1 << prefixBits) - 1;
        value = source[position++] & mask;
        if (value < mask)
        {
            return true;
        }

        for (var shift = 0; shift <= 21 && position < source.Length; shift += 7)
        {
            var next = source[position++];
            value += (next & 0x7f) << shift;
            if (next < 0x80)
            {
                return value <= Most;
            }
        }

        return false;
    }

    /// <summary>Writes one and returns how many bytes it took.</summary>
    /// <param name="target">At least five bytes.</param>
    /// <param name="first">What the first byte's bits before the prefix are.</param>
    /// <param name="prefixBits">Bits of the first byte that it may use.</param>
    /// <param name="value">What to write.</param>
    public static int Write(Span<byte> target, byte first, int prefixBits, int value)
    {
        var mask = (1 << prefixBits) - 1;
        if (value < mask)
        {
            target[0] = (byte)(first | value);
            return 1;
        }

        target[0] = (byte)(first | mask);
        value -= mask;
        var written = 1;
        for (; value >= 0x80; value >>= 7)
        {
            target[written++] = (byte)(value | 0x80);
        }

        target[written++] = (byte)value;
        return written;
    }
}
