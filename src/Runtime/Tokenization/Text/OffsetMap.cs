using Serving.Runtime.Tokenization.Unicode;

namespace Serving.Runtime.Tokenization.Text;

/// <summary>Converts places of a text from UTF-16 units to another unit.</summary>
internal static class OffsetMap
{
    /// <summary>For each place of the text, its end included, the place in another unit; null where they are the same.</summary>
    public static int[]? Make(ReadOnlySpan<char> text, OffsetUnit unit)
    {
        var isSame = unit switch
        {
            OffsetUnit.Utf16 => true,
            OffsetUnit.Utf8Bytes => System.Text.Ascii.IsValid(text),
            _ => !text.ContainsAnyInRange('\uD800', '\uDFFF'),
        };
        if (isSame)
        {
            return null;
        }

        var map = new int[text.Length + 1];
        var place = 0;
        for (var at = 0; at < text.Length;)
        {
            var c = CodePoints.At(text, at, out var length);
            map.AsSpan(at, length).Fill(place);
            place += unit == OffsetUnit.Utf8Bytes ? CodePoints.Utf8Length(c) : 1;
            at += length;
        }

        map[^1] = place;
        return map;
    }
}
