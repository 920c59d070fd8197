namespace Serving.Runtime.Images.Decoding;

/// <summary>
/// Finds the colour that stands behind the transparent pixels of a GIF's first frame: that of the palette's entry which means
/// transparent, or of its first. Pillow shows it where transparency is dropped; libvips shows black.
/// (GIF89a specification, 18 to 23.)
/// </summary>
internal static class GifPalette
{
    private const int ScreenEnd = 13;
    private const byte Extension = 0x21;
    private const byte GraphicControl = 0xF9;
    private const byte Image = 0x2C;

    /// <summary>Red, green and blue; black where the file ends before it says.</summary>
    public static (byte Red, byte Green, byte Blue) ClearColour(ReadOnlySpan<byte> file)
    {
        if (file.Length < ScreenEnd)
        {
            return default;
        }

        var shared = Table(file, 10, ScreenEnd);
        var (at, clear) = (ScreenEnd + shared.Length, 0);
        while (at + 10 <= file.Length)
        {
            if (file[at] == Image)
            {
                var own = Table(file, at + 9, at + 10);
                return Entry(own.IsEmpty ? shared : own, clear);
            }

            if (file[at] != Extension)
            {
                break;
            }

            // A graphic control block: its length, flags, the delay, and the index that means transparent.
            if (file[at + 1] == GraphicControl && (file[at + 3] & 1) == 1)
            {
                clear = file[at + 6];
            }

            at = SkipBlocks(file, at + 2);
        }

        return default;
    }

    /// <summary>The colours that a byte of flags announces; empty where there are none.</summary>
    private static ReadOnlySpan<byte> Table(ReadOnlySpan<byte> file, int flags, int start)
    {
        var length = (file[flags] & 0x80) == 0 ? 0 : 3 * (2 << (file[flags] & 7));
        return start + length <= file.Length ? file.Slice(start, length) : [];
    }

    private static (byte Red, byte Green, byte Blue) Entry(ReadOnlySpan<byte> table, int index) =>
        (index * 3) + 2 < table.Length ? (table[index * 3], table[(index * 3) + 1], table[(index * 3) + 2]) : default;

    /// <summary>Where an extension's blocks, each with its length before it, have ended.</summary>
    private static int SkipBlocks(ReadOnlySpan<byte> file, int at)
    {
        while (at < file.Length && file[at] != 0)
        {
            at += file[at] + 1;
        }

        return at + 1;
    }
}
