using Serving.Runtime.Tokenization.Text;

namespace Serving.Runtime.Tokenization.Unicode;

/// <summary>
/// Canonical and compatible decomposition and canonical composition (Unicode Standard Annex 15), telling of every
/// character that comes out how many went into it: what offsets follow from.
/// </summary>
internal static class Normalization
{
    private const int HangulBase = 0xAC00;
    private const int HangulCount = 11172;
    private const int LeadBase = 0x1100;
    private const int LeadCount = 19;
    private const int VowelBase = 0x1161;
    private const int VowelCount = 21;
    private const int TrailBase = 0x11A7;
    private const int TrailCount = 28;

    private static readonly CodePointMap Canonical = new(UnicodeTables.Map("nfd"));
    private static readonly CodePointMap Compatible = new(UnicodeTables.Map("nfkd"));
    private static readonly CodePointMap Classes = new(UnicodeTables.Map("combining"));
    private static readonly Dictionary<long, int> Pairs = UnicodeTables.Map("pairs").ToDictionary(p => Pair(p.Value[0], p.Value[1]), p => p.Key);

    /// <summary>Brings a text into one of the four forms.</summary>
    public static void Normalize(NormalizedText text, bool compatible, bool compose)
    {
        if (IsUntouched(text.Span, compatible, compose))
        {
            return;
        }

        var decomposed = new List<Marked>(text.Length + 16);
        Decompose(text.Span, compatible ? Compatible : Canonical, decomposed);
        text.BeginRewrite();
        if (compose)
        {
            Compose(decomposed, text);
        }
        else
        {
            foreach (var one in decomposed)
            {
                text.Emit(one.CodePoint, one.Change);
            }
        }

        text.EndRewrite();
    }

    // Below these no character decomposes, composes or is a mark: 0xC0 is À, 0xA0 the no-break space, 0x300 the first mark.
    private static bool IsUntouched(ReadOnlySpan<char> text, bool compatible, bool compose) =>
        !text.ContainsAnyExceptInRange('\0', compatible ? '\x9F' : compose ? '\u02FF' : '\xBF');

    private static void Decompose(ReadOnlySpan<char> text, CodePointMap map, List<Marked> output)
    {
        var pending = 0;
        for (var at = 0; at < text.Length;)
        {
            var c = CodePoints.At(text, at, out var length);
            at += length;
            if ((uint)(c - HangulBase) < HangulCount)
            {
                pending = AddHangul(c - HangulBase, output, pending);
                continue;
            }

            var parts = map[c];
            if (parts.IsEmpty)
            {
                pending = Add(new Marked(c, ClassOf(c), 0), output, pending);
            }

            for (var i = 0; i < parts.Length; i++)
            {
                pending = Add(new Marked(parts[i], ClassOf(parts[i]), i == 0 ? 0 : 1), output, pending);
            }
        }

        Sort(output, pending);
    }

    private static int AddHangul(int index, List<Marked> output, int pending)
    {
        pending = Add(new Marked(LeadBase + index / (VowelCount * TrailCount), 0, 0), output, pending);
        pending = Add(new Marked(VowelBase + index % (VowelCount * TrailCount) / TrailCount, 0, 1), output, pending);
        return index % TrailCount == 0 ? pending : Add(new Marked(TrailBase + index % TrailCount, 0, 1), output, pending);
    }

    // What stands from 'pending' on are marks whose order is not settled yet, after the starter before them.
    private static int Add(Marked one, List<Marked> output, int pending)
    {
        if (one.Class != 0)
        {
            output.Add(one);
            return pending;
        }

        Sort(output, pending);
        output.Add(one);
        return output.Count;
    }

    private static void Sort(List<Marked> output, int from)
    {
        for (var i = from + 1; i < output.Count; i++)
        {
            var one = output[i];
            var at = i;
            for (; at > from && output[at - 1].Class > one.Class; at--)
            {
                output[at] = output[at - 1];
            }

            output[at] = one;
        }
    }

    private static void Compose(List<Marked> decomposed, NormalizedText text)
    {
        var starter = -1;
        var lastClass = -1;
        var kept = new List<Marked>(decomposed.Count);
        foreach (var one in decomposed)
        {
            if (starter >= 0 && (lastClass < 0 || lastClass < one.Class) && Composed(kept[starter].CodePoint, one.CodePoint) is var composed and > 0)
            {
                kept[starter] = new Marked(composed, 0, kept[starter].Change + one.Change - 1);
                continue;
            }

            kept.Add(one);
            if (one.Class == 0)
            {
                (starter, lastClass) = (kept.Count - 1, -1);
            }
            else if (starter >= 0)
            {
                lastClass = one.Class;
            }
        }

        foreach (var one in kept)
        {
            text.Emit(one.CodePoint, one.Change);
        }
    }

    private static int Composed(int first, int second)
    {
        if ((uint)(first - LeadBase) < LeadCount && (uint)(second - VowelBase) < VowelCount)
        {
            return HangulBase + (((first - LeadBase) * VowelCount) + second - VowelBase) * TrailCount;
        }

        if ((uint)(first - HangulBase) < HangulCount && (first - HangulBase) % TrailCount == 0 && (uint)(second - TrailBase - 1) < TrailCount - 1)
        {
            return first + second - TrailBase;
        }

        return Pairs.GetValueOrDefault(Pair(first, second));
    }

    private static int ClassOf(int codePoint) => codePoint < 0x300 || Classes[codePoint] is not [var order] ? 0 : order;

    private static long Pair(int first, int second) => ((long)first << 32) | (uint)second;

    /// <summary>A character, its combining class's place in the order, and the change as <see cref="NormalizedText.Emit"/> takes it.</summary>
    private readonly record struct Marked(int CodePoint, int Class, int Change);
}
