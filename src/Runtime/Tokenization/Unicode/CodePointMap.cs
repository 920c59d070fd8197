namespace Serving.Runtime.Tokenization.Unicode;

/// <summary>An immutable map from code points to short sequences of code points, in pages of 256.</summary>
internal sealed class CodePointMap
{
    private readonly int[]?[] _pages = new int[]?[CodePointSet.End >> 8];
    private readonly int[] _values;

    public CodePointMap(IReadOnlyDictionary<int, int[]> entries)
    {
        // Each value stands behind its length; 0 is no value, so the first place stays empty.
        var values = new List<int> { 0 };
        foreach (var (key, value) in entries)
        {
            var page = _pages[key >> 8] ??= new int[256];
            page[key & 255] = values.Count;
            values.Add(value.Length);
            values.AddRange(value);
        }

        _values = [.. values];
    }

    /// <summary>The value of a code point; empty where it has none.</summary>
    public ReadOnlySpan<int> this[int codePoint]
    {
        get
        {
            var page = _pages[codePoint >> 8];
            if (page is null || page[codePoint & 255] is var at && at == 0)
            {
                return [];
            }

            return _values.AsSpan(at + 1, _values[at]);
        }
    }
}
