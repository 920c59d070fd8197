using Serving.Runtime.Inference;

namespace Serving.Runtime.Images.Decoding;

/// <summary>
/// Tells a picture's format from its first bytes. Nothing but the four formats reaches the decoding library, whose other
/// readers have never been held against hostile files here.
/// </summary>
internal static class FormatSniffer
{
    public const string Understood = "JPEG, PNG, WebP and GIF";

    /// <summary>Formats that are met and not understood, to be named in refusals. Most begin with these bytes.</summary>
    private static readonly (byte[] Start, string Name)[] Others =
    [
        ([.. "BM"u8], "BMP"),
        ([.. "II*\0"u8], "TIFF"),
        ([.. "MM\0*"u8], "TIFF"),
        ([.. "8BPS"u8], "Photoshop"),
        ([.. "%PDF"u8], "PDF"),
        ([.. "<svg"u8], "SVG"),
        ([.. "<?xml"u8], "XML, perhaps SVG"),
        ([0xFF, 0x0A], "JPEG XL"),
        ([0, 0, 0, 12, .. "JXL "u8], "JPEG XL"),
        ([0, 0, 0, 12, .. "jP  "u8], "JPEG 2000"),
        ([0, 0, 1, 0], "an icon"),
        ([.. "{"u8], "JSON"),
    ];

    /// <summary>The format, or a refusal that names what the bytes seem to be.</summary>
    public static Outcome<ImageFormat> Sniff(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]))
        {
            return ImageFormat.Jpeg;
        }

        if (bytes.StartsWith((ReadOnlySpan<byte>)[0x89, .. "PNG\r\n"u8, 0x1A, (byte)'\n']))
        {
            return ImageFormat.Png;
        }

        if (bytes.StartsWith("GIF87a"u8) || bytes.StartsWith("GIF89a"u8))
        {
            return ImageFormat.Gif;
        }

        return bytes.Length >= 12 && bytes.StartsWith("RIFF"u8) && bytes[8..].StartsWith("WEBP"u8)
            ? ImageFormat.WebP
            : Refuse(bytes);
    }

    /// <summary>The format's name as people write it.</summary>
    public static string Name(ImageFormat format) => format switch
    {
        ImageFormat.Jpeg => "JPEG",
        ImageFormat.Png => "PNG",
        ImageFormat.WebP => "WebP",
        _ => "GIF",
    };

    private static InferenceFailure Refuse(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return InferenceFailure.InvalidInput($"the picture is empty; {Understood} are understood");
        }

        foreach (var (start, name) in Others)
        {
            if (bytes.StartsWith(start))
            {
                return Refuse($"seems to be {name}");
            }
        }

        if (bytes.Length >= 12 && bytes[4..].StartsWith("ftyp"u8))
        {
            return Refuse("seems to be AVIF, HEIF or a video");
        }

        return Refuse($"begins with the bytes {Convert.ToHexString(bytes[..Math.Min(bytes.Length, 8)])}");
    }

    private static InferenceFailure Refuse(string what) =>
        InferenceFailure.InvalidInput($"the picture is in no format that is understood: it {what}; {Understood} are understood");
}
