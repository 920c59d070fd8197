namespace Serving.Runtime.Tokenization.Unicode;

/// <summary>An immutable set of code points: a bit for each of the basic plane, ranges for the rest.</summary>
internal sealed class CodePointSet
{
    /// <summary>One past the last code point.</summary>
    public const int End = 0x110000;

    private const int PlaneEnd = 0x10000;

    private readonly uint[] _plane = new uint[PlaneEnd / 32];
    private readonly int[] _from;
    private readonly int[] _to;

    /// <summary>Makes a set of ranges, each with its end left out, in any order; they may overlap.</summary>
    public CodePointSet(IEnumerable<(int From, int To)> ranges)
    {
        Ranges = Merge(ranges);
        foreach (var (from, to) in Ranges)
        {
            for (var c = from; c < Math.Min(to, PlaneEnd); c++)
            {
                _plane[c >> 5] |= 1u << (c & 31);
            }
        }

        var high = Ranges.Where(r => r.To > PlaneEnd).ToList();
        _from = [.. high.Select(r => Math.Max(r.From, PlaneEnd))];
        _to = [.. high.Select(r => r.To)];
    }

    /// <summary>The members as ascending ranges that do not touch, each with its end left out.</summary>
    public IReadOnlyList<(int From, int To)> Ranges { get; }

    public bool Contains(int codePoint) => (uint)codePoint < PlaneEnd
        ? (_plane[codePoint >> 5] & (1u << (codePoint & 31))) != 0
        : ContainsHigh(codePoint);

    public CodePointSet Union(CodePointSet other) => new([.. Ranges, .. other.Ranges]);

    public CodePointSet Intersect(CodePointSet other) => Complement().Union(other.Complement()).Complement();

    public CodePointSet Complement()
    {
        var ranges = new List<(int, int)>();
        var end = 0;
        foreach (var (from, to) in Ranges)
        {
            if (from > end)
            {
                ranges.Add((end, from));
            }

            end = to;
        }

        if (end < End)
        {
            ranges.Add((end, End));
        }

        return new CodePointSet(ranges);
    }

    private static List<(int From, int To)> Merge(IEnumerable<(int From, int To)> ranges)
    {
        var merged = new List<(int From, int To)>();
        foreach (var (from, to) in ranges.Where(r => r.From < r.To).OrderBy(r => r.From))
        {
            if (merged.Count > 0 && from <= merged[^1].To)
            {
                merged[^1] = (merged[^1].From, Math.Max(merged[^1].To, to));
            }
            else
            {
                merged.Add((from, to));
            }
        }

        return merged;
    }

    private bool ContainsHigh(int codePoint)
    {
        var at = Array.BinarySearch(_from, codePoint);
        at = at >= 0 ? at : ~at - 1;
        return at >= 0 && codePoint < _to[at];
    }
}
