using Serving.Runtime.Tokenization.Text;
using Serving.Runtime.Tokenization.Unicode;

namespace Serving.Runtime.Tokenization.Normalizers;

/// <summary>Changes that several normalizers make.</summary>
internal static class Filters
{
    private static readonly CodePointMap Lower = new(UnicodeTables.Map("lower"));

    /// <summary>Removes the members of a set.</summary>
    public static void Remove(NormalizedText text, CodePointSet removed)
    {
        if (!ContainsAny(text.Span, removed))
        {
            return;
        }

        text.BeginRewrite();
        var kept = -1;
        var dropped = 0;
        for (var at = 0; at < text.Length;)
        {
            var c = CodePoints.At(text.Span, at, out var length);
            at += length;
            if (removed.Contains(c))
            {
                dropped++;
                continue;
            }

            // What is removed goes with the character before it; at the start there is none.
            if (kept < 0)
            {
                text.Skip(dropped);
            }
            else
            {
                text.Emit(kept, -dropped);
            }

            (kept, dropped) = (c, 0);
        }

        if (kept >= 0)
        {
            text.Emit(kept, -dropped);
        }

        text.EndRewrite();
    }

    /// <summary>Replaces the members of a set, all of them of the basic plane, by a space each.</summary>
    public static void Blank(Span<char> text, CodePointSet blanks)
    {
        foreach (ref var unit in text)
        {
            if (!char.IsSurrogate(unit) && blanks.Contains(unit))
            {
                unit = ' ';
            }
        }
    }

    /// <summary>Brings a text into lower case, character by character.</summary>
    public static void ToLower(NormalizedText text)
    {
        if (TryLowerInPlace(text.InPlace))
        {
            return;
        }

        // Some of it may be lower case by now, which changes nothing.
        text.BeginRewrite();
        for (var at = 0; at < text.Length;)
        {
            var c = CodePoints.At(text.Span, at, out var length);
            at += length;
            var lower = Lower[c];
            if (lower.IsEmpty)
            {
                text.Emit(c, 0);
            }

            for (var i = 0; i < lower.Length; i++)
            {
                text.Emit(lower[i], i == 0 ? 0 : 1);
            }
        }

        text.EndRewrite();
    }

    // False where a character becomes one of another size, or several.
    private static bool TryLowerInPlace(Span<char> text)
    {
        for (var at = 0; at < text.Length;)
        {
            var unit = text[at];
            if (unit < 0x80)
            {
                text[at++] = char.IsAsciiLetterUpper(unit) ? (char)(unit | 0x20) : unit;
                continue;
            }

            var lower = Lower[CodePoints.At(text, at, out var length)];
            if (lower.Length > 1 || lower.Length == 1 && CodePoints.Length(lower[0]) != length)
            {
                return false;
            }

            if (lower.Length == 1 && length == 1)
            {
                text[at] = (char)lower[0];
            }
            else if (lower.Length == 1)
            {
                char.ConvertFromUtf32(lower[0]).CopyTo(text[at..]);
            }

            at += length;
        }

        return true;
    }

    private static bool ContainsAny(ReadOnlySpan<char> text, CodePointSet set)
    {
        for (var at = 0; at < text.Length;)
        {
            var c = CodePoints.At(text, at, out var length);
            if (set.Contains(c))
            {
                return true;
            }

            at += length;
        }

        return false;
    }
}
