using Serving.Runtime.Tensors;

namespace Serving.Server.Rest.Json;

/// <summary>
/// Follows the brackets of a tensor's data and says where they contradict its shape. Data is either flat, one array of all
/// elements, or nested with one level an axis.
/// </summary>
internal ref struct DataNesting
{
    /// <summary>As deep as the JSON itself may be.</summary>
    public const int MaxRank = JsonText.MaxDepth;

    private readonly TensorShape _shape;
    private readonly Span<long> _counts;
    private int _depth;
    private bool _nested;
    private bool _flat;

    /// <param name="shape">The shape that the data should have, of at most <see cref="MaxRank"/> axes.</param>
    /// <param name="counts">Room for <see cref="MaxRank"/> counters.</param>
    public DataNesting(TensorShape shape, Span<long> counts)
    {
        _shape = shape;
        _counts = counts;
    }

    /// <summary>How many arrays are open.</summary>
    public readonly int Depth => _depth;

    /// <summary>Whether every array that was opened is closed again.</summary>
    public readonly bool IsClosed => _depth == 0;

    /// <summary>An array begins. Null, or what is wrong with that.</summary>
    public string? Open()
    {
        if (_depth > 0)
        {
            _nested = true;
            _counts[_depth - 1]++;
            if (_flat)
            {
                return "mixes elements and arrays on one level";
            }

            if (_depth >= _shape.Rank)
            {
                return $"is nested deeper than its shape {_shape}";
            }
        }

        _counts[_depth++] = 0;
        return null;
    }

    /// <summary>The innermost array ends. Null, or what is wrong with that.</summary>
    public string? Close()
    {
        var level = --_depth;
        return !_nested || _counts[level] == _shape[level]
            ? null
            : $"has {_counts[level]} entries in an array of axis {level}, expected {_shape[level]} by its shape {_shape}";
    }

    /// <summary>Elements stand in the innermost array. Null, or what is wrong with that.</summary>
    public string? Elements(long count)
    {
        _counts[_depth - 1] += count;
        if (_depth == _shape.Rank || (_depth == 1 && !_nested))
        {
            _flat = _depth == 1;
            return null;
        }

        return _depth == 1 || _counts[_depth - 1] > count
            ? "mixes elements and arrays on one level"
            : $"is nested {_depth} deep, expected {_shape.Rank} by its shape {_shape}, or one flat array";
    }
}
