namespace Serving.Runtime.Audio.Flac;

/// <summary>What a frame says of itself (RFC 9639, section 9.1).</summary>
/// <param name="Count">Samples of each channel.</param>
/// <param name="Channels">Whether channels are apart, below 8, or which of two is told as a difference.</param>
/// <param name="Bits">Of a sample.</param>
internal readonly record struct FlacFrameHeader(int Count, int Channels, int Bits)
{
    public const int LeftAndSide = 8;
    public const int SideAndRight = 9;
    public const int MidAndSide = 10;

    private const int Sync = 0b11111111111110;

    private static readonly int[] Widths = [0, 8, 12, 0, 16, 20, 24, 32];

    /// <exception cref="InvalidDataException">It is damaged, or differs from the stream.</exception>
    public static FlacFrameHeader Read(ref FlacBits bits, ReadOnlySpan<byte> file, FlacStream stream)
    {
        var start = bits.Position;
        if (bits.Read(14) != Sync)
        {
            throw new InvalidDataException($"there is no frame at byte {start}");
        }

        bits.Read(2);
        var size = (int)bits.Read(4);
        var rate = (int)bits.Read(4);
        var channels = (int)bits.Read(4);
        var width = Widths[bits.Read(3)];
        bits.Read(1);
        SkipNumber(ref bits);
        var count = CountOf(size, ref bits);

        // The rate is the stream's; a frame's own is skipped.
        bits.Read(rate switch { 12 => 8, 13 or 14 => 16, _ => 0 });
        var end = bits.Position;
        if (bits.Read(8) != FlacChecksums.OfHeader(file[start..end]))
        {
            throw new InvalidDataException($"the frame at byte {start} is damaged: its header has another checksum");
        }

        if ((channels < LeftAndSide ? channels + 1 : 2) != stream.Channels || channels > MidAndSide)
        {
            throw new InvalidDataException($"the frame at byte {start} has other channels than the {stream.Channels} of the stream");
        }

        width = width == 0 ? stream.Bits : width;
        return new FlacFrameHeader(count, channels, width == stream.Bits ? width : throw FlacStream.WrongBits(width));
    }

    /// <summary>The number of the frame or of its first sample, written as UTF-8 writes characters.</summary>
    private static void SkipNumber(ref FlacBits bits)
    {
        var first = bits.Read(8);
        for (var mask = 0x40u; (first & 0x80) != 0 && (first & mask) != 0; mask >>= 1)
        {
            bits.Read(8);
        }
    }

    private static int CountOf(int size, ref FlacBits bits) => size switch
    {
        0 => throw new InvalidDataException("a frame has a size that is reserved"),
        1 => 192,
        <= 5 => 144 << size,
        6 => (int)bits.Read(8) + 1,
        7 => (int)bits.Read(16) + 1,
        _ => 1 << size,
    };
}
