using System.Numerics;

namespace Serving.Runtime.Tokenization.Models;

/// <summary>Which pairs of tokens merge into which, and in what order: open addressing over the pair's ids.</summary>
internal sealed class MergeTable
{
    private readonly ulong[] _keys;
    private readonly (int Rank, int Id)[] _values;

    /// <summary>Merges in the order of their ranks; of two for the same pair the later one counts.</summary>
    public MergeTable(IReadOnlyList<(int Left, int Right, int Merged)> merges)
    {
        var size = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, 2 * merges.Count));
        _keys = new ulong[size];
        _values = new (int, int)[size];
        for (var rank = 0; rank < merges.Count; rank++)
        {
            var (left, right, merged) = merges[rank];
            var at = Find(Key(left, right));
            _keys[at] = Key(left, right);
            _values[at] = (rank, merged);
        }
    }

    /// <summary>The merge of a pair; false without one.</summary>
    public bool TryGet(int left, int right, out int rank, out int id)
    {
        var key = Key(left, right);
        var at = Find(key);
        (rank, id) = _values[at];
        return _keys[at] == key;
    }

    private int Find(ulong key)
    {
        var at = (int)((key * 0x9E3779B97F4A7C15) >> (64 - BitOperations.Log2((uint)_keys.Length)));
        while (_keys[at] != 0 && _keys[at] != key)
        {
            at = (at + 1) & (_keys.Length - 1);
        }

        return at;
    }

    // No key is 0, which marks a free place; ids are not negative.
    private static ulong Key(int left, int right) => (((ulong)(uint)left << 32) | (uint)right) + 1;
}
