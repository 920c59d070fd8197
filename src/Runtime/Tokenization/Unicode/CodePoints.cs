using System.Runtime.CompilerServices;

namespace Serving.Runtime.Tokenization.Unicode;

/// <summary>Code points of UTF-16 text that has no lone surrogates.</summary>
internal static class CodePoints
{
    /// <summary>The code point that starts at <paramref name="at"/>, and how many units it takes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int At(ReadOnlySpan<char> text, int at, out int length)
    {
        var unit = text[at];
        if (!char.IsHighSurrogate(unit) || at + 1 == text.Length)
        {
            length = 1;
            return unit;
        }

        length = 2;
        return char.ConvertToUtf32(unit, text[at + 1]);
    }

    /// <summary>The code point that ends before <paramref name="end"/>, and how many units it takes.</summary>
    public static int Before(ReadOnlySpan<char> text, int end, out int length)
    {
        var unit = text[end - 1];
        if (!char.IsLowSurrogate(unit) || end == 1)
        {
            length = 1;
            return unit;
        }

        length = 2;
        return char.ConvertToUtf32(text[end - 2], unit);
    }

    /// <summary>How many bytes a code point takes in UTF-8.</summary>
    public static int Utf8Length(int codePoint) => codePoint switch
    {
        < 0x80 => 1,
        < 0x800 => 2,
        < 0x10000 => 3,
        _ => 4,
    };

    /// <summary>Units of UTF-16 that a code point takes.</summary>
    public static int Length(int codePoint) => codePoint < 0x10000 ? 1 : 2;

    /// <summary>How many code points a text has.</summary>
    public static int Count(ReadOnlySpan<char> text)
    {
        var count = text.Length;
        foreach (var unit in text)
        {
            count -= char.IsLowSurrogate(unit) ? 1 : 0;
        }

        return count;
    }
}
