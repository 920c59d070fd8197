using System.Buffers;
using Serving.Fuzz.Engine;
using Serving.Runtime.Images;
using Serving.Runtime.Images.Decoding;
using Serving.Runtime.Images.Encoding;
using Serving.TestKit;
using Serving.TestKit.Source;

namespace Serving.Fuzz.Targets;

/// <summary>
/// Encoded pictures: pixels or a refusal, no more memory than the limit's pixels take, and the same pixels a second time, so that
/// none of them is what lay in the memory before.
/// </summary>
internal sealed class PicturesTarget : FuzzTarget
{
    private const int MostPixels = 10_000;

    private static readonly ImageLimits Limits = new() { MaxPixels = MostPixels, MaxBytes = 1 << 20 };

    public override string Name => "pictures";

    public override int Rounds => 10_000;

    public override IReadOnlyList<byte[]> Tokens { get; } =
    [
        [0xFF, 0xD8, 0xFF], [0xFF, 0xC0], [0xFF, 0xC2], [0xFF, 0xDA], [0xFF, 0xC4], [0xFF, 0xDB], [0xFF, 0xD9], [0xFF, 0xE1], [0x21, 0xF9], [0x2C], [0x3B],
        .. Words("IHDR", "IDAT", "IEND", "PLTE", "tRNS", "eXIf", "acTL", "VP8 ", "VP8L", "VP8X", "ANIM", "ANMF", "ALPH", "RIFF", "WEBP", "GIF89a", "Exif\0\0", "Adobe"),
    ];

    public override IEnumerable<byte[]> Seeds(Random random) =>
    [
        .. Npz.Read(Path.Combine(SourceTree.Root, "tests", "Runtime.Tests", "Images", "References", "decode.npz"))
            .Where(array => array.Key.EndsWith("|file", StringComparison.Ordinal)).Select(array => array.Value.Data),
        PngWriter.Write(new byte[3], 1, 1, 3),
    ];

    public override Verdict Try(byte[] input)
    {
        var cost = Cost.Start();
        if (!ImageDecoder.Decode(input, Limits).TryGetValue(out var picture, out var failure))
        {
            cost.AtMost(Most(input));
            Finding.Unless(failure.Message.Length > 0, "a refusal has no text");

            // The first bytes of what is in no known format make no other outcome.
            return Verdict.Refused(failure.Message.Split(" begins with ")[0]);
        }

        using (picture)
        {
            Finding.Unless((long)picture.Width * picture.Height <= MostPixels, "the picture is larger than allowed");
            var pieces = new ReadOnlySequence<byte>(input);
            Finding.Unless(ImageDecoder.Decode(pieces, Limits).TryGetValue(out var again, out _), "what was decoded is refused the second time");
            using (again)
            {
                Finding.Unless(picture.Pixels.SequenceEqual(again!.Pixels), "the same file has other pixels the second time");
            }

            cost.AtMost(Most(input));
            return Verdict.Accepted($"{FormatSniffer.Sniff(input).TryGetValue(out var format, out _)} {format} {(picture.Width > picture.Height ? "wide" : "tall")}");
        }
    }

    // Two pictures and the strips that they were decoded in, of 8 bytes a pixel at most, in blocks that may be a quarter larger.
    private static long Most(byte[] input) => (256 * 1024) + (MostPixels * 40L) + (4L * input.Length);
}
