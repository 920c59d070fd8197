using System.Text;
using Serving.Runtime.Tokenization.Text;
using Serving.Runtime.Tokenization.Unicode;

namespace Serving.Runtime.Tokenization.PreTokenizers;

/// <summary>GPT-2's alphabet: a printable character for each byte. Printable bytes of Latin-1 stand for themselves, the others for U+0100 and on.</summary>
internal static class ByteAlphabet
{
    /// <summary>The character of each byte.</summary>
    public static string Characters { get; } = Make();

    /// <summary>The byte of each character that stands for one; -1 for others below U+0180.</summary>
    private static readonly short[] Bytes = MakeBytes();

    /// <summary>The character of a space.</summary>
    public const char Space = '\u0120';

    /// <summary>The byte that a character stands for; -1 without one.</summary>
    public static int ByteOf(char character) => character < Bytes.Length ? Bytes[character] : -1;

    /// <summary>In a rewrite: writes the characters up to <paramref name="end"/> as their bytes.</summary>
    public static void Rewrite(NormalizedText text, int end)
    {
        Span<byte> bytes = stackalloc byte[4];
        for (var at = text.Position; at < end;)
        {
            var c = CodePoints.At(text.Span, at, out var length);
            at += length;
            var count = new Rune(c).EncodeToUtf8(bytes);
            for (var i = 0; i < count; i++)
            {
                text.Emit(Characters[bytes[i]], i == 0 ? 0 : 1);
            }
        }
    }

    private static string Make() => string.Create(256, 0, static (characters, _) =>
    {
        var next = '\u0100';
        for (var b = 0; b < 256; b++)
        {
            characters[b] = b is >= '!' and <= '~' or >= 0xA1 and <= 0xAC or >= 0xAE ? (char)b : next++;
        }
    });

    private static short[] MakeBytes()
    {
        var bytes = new short[0x180];
        Array.Fill(bytes, (short)-1);
        for (var b = 0; b < 256; b++)
        {
            bytes[Characters[b]] = (short)b;
        }

        return bytes;
    }
}
