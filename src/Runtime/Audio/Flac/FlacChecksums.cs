namespace Serving.Runtime.Audio.Flac;

/// <summary>The checksums of frames (RFC 9639, sections 9.1.8 and 9.3).</summary>
internal static class FlacChecksums
{
    private static readonly byte[] Eight = [.. Enumerable.Range(0, 256).Select(value => (byte)Remainder(value, 0x07, 8))];
    private static readonly ushort[] Sixteen = [.. Enumerable.Range(0, 256).Select(value => (ushort)Remainder(value << 8, 0x8005, 16))];

    /// <summary>Of a frame's header.</summary>
    public static byte OfHeader(ReadOnlySpan<byte> bytes)
    {
        byte crc = 0;
        foreach (var value in bytes)
        {
            crc = Eight[crc ^ value];
        }

        return crc;
    }

    /// <summary>Of a whole frame.</summary>
    public static ushort OfFrame(ReadOnlySpan<byte> bytes)
    {
        ushort crc = 0;
        foreach (var value in bytes)
        {
            crc = (ushort)((crc << 8) ^ Sixteen[(crc >> 8) ^ value]);
        }

        return crc;
    }

    private static int Remainder(int value, int polynomial, int width)
    {
        for (var bit = 0; bit < 8; bit++)
        {
            value = (value & (1 << (width - 1))) != 0 ? (value << 1) ^ polynomial : value << 1;
        }

        return value & ((1 << width) - 1);
    }
}
