namespace Serving.Runtime.Audio.Flac;

/// <summary>Reads FLAC files (RFC 9639). Seek tables, tags and pictures are skipped; checksums of frames are compared.</summary>
internal static class FlacReader
{
    private const int BlockHeaderLength = 4;
    private const int Description = 0;

    private static ReadOnlySpan<byte> Marker => "fLaC"u8;

    /// <summary>Whether the bytes begin as a FLAC file does, with tags of MP3 files before it or not.</summary>
    public static bool Fits(ReadOnlySpan<byte> file) => file[TagLength(file)..].StartsWith(Marker);

    /// <exception cref="InvalidDataException">It is damaged, or has samples that are not understood.</exception>
    /// <exception cref="SoundTooLongException">It is too long.</exception>
    public static Sound Read(ReadOnlySpan<byte> file, SoundLimits limits)
    {
        var stream = ReadBlocks(file, out var at);
        var sound = new SampleBuffer(stream.Rate, limits);
        var frame = new FlacFrame(stream);
        while (at < file.Length && !IsEndTag(file[at..]))
        {
            at = frame.Read(file, at, sound);
        }

        return new Sound(sound.Samples, stream.Rate);
    }

    private static FlacStream ReadBlocks(ReadOnlySpan<byte> file, out int at)
    {
        FlacStream? stream = null;
        at = TagLength(file) + Marker.Length;
        for (var isLast = false; !isLast;)
        {
            var rest = file[at..];
            if (rest.Length < BlockHeaderLength)
            {
                throw new InvalidDataException("it ends before its first frame");
            }

            isLast = rest[0] >= 0x80;
            var length = (rest[1] << 16) | (rest[2] << 8) | rest[3];
            if (length > rest.Length - BlockHeaderLength)
            {
                throw new InvalidDataException("it ends before its first frame");
            }

            if ((rest[0] & 0x7F) == Description)
            {
                stream = FlacStream.Read(rest.Slice(BlockHeaderLength, length));
            }

            at += BlockHeaderLength + length;
        }

        return stream ?? throw new InvalidDataException("it has no description of its samples");
    }

    /// <summary>The length of an ID3v2 tag, which some programs put before FLAC; its size has 7 bits in each byte.</summary>
    private static int TagLength(ReadOnlySpan<byte> file)
    {
        const int HeaderLength = 10;
        if (file.Length < HeaderLength || !file.StartsWith("ID3"u8))
        {
            return 0;
        }

        var size = ((file[6] & 0x7F) << 21) | ((file[7] & 0x7F) << 14) | ((file[8] & 0x7F) << 7) | (file[9] & 0x7F);
        return Math.Min(HeaderLength + size, file.Length);
    }

    /// <summary>Whether an ID3v1 tag is all that follows.</summary>
    private static bool IsEndTag(ReadOnlySpan<byte> rest) => rest.Length == 128 && rest.StartsWith("TAG"u8);
}
