using System.Numerics;

namespace Serving.Runtime.Tokenization.Models;

/// <summary>Strings by their UTF-16 units. The steps from node to node stand in one table with open addressing.</summary>
internal sealed class UnitTrie
{
    private readonly List<int> _values = [-1];
    private ulong[] _keys = new ulong[64];
    private int[] _nodes = new int[64];
    private int _count;

    /// <summary>The node of the empty string.</summary>
    public const int Root = 0;

    /// <summary>Adds a string; the value of one that is there already becomes <paramref name="value"/>.</summary>
    public void Add(string text, int value)
    {
        var node = Root;
        foreach (var unit in text)
        {
            var next = Step(node, unit);
            node = next >= 0 ? next : AddStep(node, unit);
        }

        _values[node] = value;
    }

    /// <summary>The node that a unit leads to; -1 without one.</summary>
    public int Step(int node, char unit)
    {
        var key = Key(node, unit);
        for (var at = Place(key); ; at = (at + 1) & (_keys.Length - 1))
        {
            if (_keys[at] == key)
            {
                return _nodes[at];
            }

            if (_keys[at] == 0)
            {
                return -1;
            }
        }
    }

    /// <summary>The value of the string that ends at a node; -1 where none does.</summary>
    public int ValueAt(int node) => _values[node];

    private int AddStep(int node, char unit)
    {
        if (2 * ++_count > _keys.Length)
        {
            Grow();
        }

        _values.Add(-1);
        Insert(Key(node, unit), _values.Count - 1);
        return _values.Count - 1;
    }

    private void Insert(ulong key, int node)
    {
        var at = Place(key);
        while (_keys[at] != 0)
        {
            at = (at + 1) & (_keys.Length - 1);
        }

        _keys[at] = key;
        _nodes[at] = node;
    }

    private void Grow()
    {
        var (keys, nodes) = (_keys, _nodes);
        _keys = new ulong[2 * keys.Length];
        _nodes = new int[2 * keys.Length];
        for (var i = 0; i < keys.Length; i++)
        {
            if (keys[i] != 0)
            {
                Insert(keys[i], nodes[i]);
            }
        }
    }

    // No key is 0, which marks a free place.
    private static ulong Key(int node, char unit) => (((ulong)node << 16) | unit) + 1;

    private int Place(ulong key) => (int)((key * 0x9E3779B97F4A7C15) >> (64 - BitOperations.Log2((uint)_keys.Length)));
}
