using System.Runtime.InteropServices;

namespace Serving.Runtime.Images.Decoding;

/// <summary>
/// Turns rows as libvips decodes them into red, green and blue, as Pillow's <c>convert("RGB")</c> does: transparency is dropped,
/// not blended; inks are subtracted; of 16 bits the upper 8 stay, but grey of 16 bits is clipped at 255.
/// </summary>
internal enum RowConversion : byte
{
    Copy,
    Grey,
    GreyAlpha,
    DropAlpha,
    Cmyk,
    Grey16,
    GreyAlpha16,
    Upper8,
    Upper8DropAlpha,
}

/// <summary>What each <see cref="RowConversion"/> does.</summary>
internal static class RowConversions
{
    /// <summary>The conversion for a picture's kind of samples; null where there is none.</summary>
    /// <param name="clipsGrey">Whether the file's samples are grey of 16 bits, with or without one that means transparent.</param>
    public static RowConversion? For(VipsImage image, bool clipsGrey) => (image.SampleFormat, image.Bands) switch
    {
        (VipsImage.Bits8, 1) => RowConversion.Grey,
        (VipsImage.Bits8, 2) => RowConversion.GreyAlpha,
        (VipsImage.Bits8, 3) => RowConversion.Copy,
        (VipsImage.Bits8, 4) => image.Interpretation == VipsImage.Cmyk ? RowConversion.Cmyk : RowConversion.DropAlpha,
        (VipsImage.Bits16, 1) => RowConversion.Grey16,
        (VipsImage.Bits16, 2) => clipsGrey ? RowConversion.Grey16 : RowConversion.GreyAlpha16,
        (VipsImage.Bits16, 3) => RowConversion.Upper8,
        (VipsImage.Bits16, 4) => RowConversion.Upper8DropAlpha,
        _ => null,
    };

    /// <summary>Converts pixels.</summary>
    /// <param name="bands">Samples of a pixel in <paramref name="from"/>.</param>
    public static void Apply(RowConversion conversion, ReadOnlySpan<byte> from, int bands, Span<byte> to)
    {
        switch (conversion)
        {
            case RowConversion.Copy:
                from.CopyTo(to);
                break;
            case RowConversion.Grey or RowConversion.GreyAlpha:
                Spread(from, bands, to);
                break;
            case RowConversion.DropAlpha:
                DropAlpha(from, to);
                break;
            case RowConversion.Cmyk:
                FromInks(from, to);
                break;
            default:
                From16(conversion, MemoryMarshal.Cast<byte, ushort>(from), bands, to);
                break;
        }
    }

    /// <summary>Paints the pixels of an 8-bit picture that are wholly transparent. Nothing to do for black, which they are.</summary>
    public static void FillClear((byte Red, byte Green, byte Blue) colour, ReadOnlySpan<byte> from, int bands, Span<byte> to)
    {
        if (colour == default || bands is not (2 or 4))
        {
            return;
        }

        for (int i = bands - 1, o = 0; o < to.Length; i += bands, o += 3)
        {
            if (from[i] == 0)
            {
                (to[o], to[o + 1], to[o + 2]) = colour;
            }
        }
    }

    private static void Spread(ReadOnlySpan<byte> from, int bands, Span<byte> to)
    {
        for (int i = 0, o = 0; o < to.Length; i += bands, o += 3)
        {
            to[o] = to[o + 1] = to[o + 2] = from[i];
        }
    }

    private static void DropAlpha(ReadOnlySpan<byte> from, Span<byte> to)
    {
        for (int i = 0, o = 0; o < to.Length; i += 4, o += 3)
        {
            to[o] = from[i];
            to[o + 1] = from[i + 1];
            to[o + 2] = from[i + 2];
        }
    }

    private static void FromInks(ReadOnlySpan<byte> from, Span<byte> to)
    {
        for (int i = 0, o = 0; o < to.Length; i += 4, o += 3)
        {
            var light = 255 - from[i + 3];
            for (var band = 0; band < 3; band++)
            {
                var product = (from[i + band] * light) + 128;
                to[o + band] = (byte)(light - (((product >> 8) + product) >> 8));
            }
        }
    }

    private static void From16(RowConversion conversion, ReadOnlySpan<ushort> from, int bands, Span<byte> to)
    {
        for (int i = 0, o = 0; o < to.Length; i += bands, o += 3)
        {
            if (bands < 3)
            {
                to[o] = to[o + 1] = to[o + 2] = (byte)(conversion == RowConversion.Grey16 ? Math.Min(from[i], (ushort)255) : from[i] >> 8);
            }
            else
            {
                to[o] = (byte)(from[i] >> 8);
                to[o + 1] = (byte)(from[i + 1] >> 8);
                to[o + 2] = (byte)(from[i + 2] >> 8);
            }
        }
    }
}
