using System.Globalization;

namespace Serving.Runtime.Tensors;

/// <summary>The extents of a tensor's axes, outermost first. In signatures -1 stands for an axis that varies.</summary>
/// <remarks>Takes ownership of the array that it is made from: nobody may change it afterwards.</remarks>
public readonly struct TensorShape : IEquatable<TensorShape>
{
    private readonly long[]? _dims;

    public TensorShape(params long[] dims) => _dims = dims;

    public int Rank => _dims?.Length ?? 0;

    public ReadOnlySpan<long> Dims => _dims;

    public long this[int axis] => _dims![axis];

    /// <summary>The extents as a new array.</summary>
    public long[] ToArray() => Dims.ToArray();

    /// <summary>
    /// The number of elements; 1 for a scalar, 0 where an axis is empty. False where an axis is negative or the product exceeds 2^63.
    /// </summary>
    public bool TryCountElements(out long count)
    {
        count = 1;
        var overflow = false;
        var empty = false;
        foreach (var dim in Dims)
        {
            if (dim < 0)
            {
                return false;
            }

            empty |= dim == 0;
            var product = (UInt128)(ulong)count * (ulong)dim;
            overflow |= product > long.MaxValue;
            count = overflow ? 1 : (long)product;
        }

        count = empty ? 0 : count;
        return empty || !overflow;
    }

    /// <summary>This shape with another extent at one axis.</summary>
    public TensorShape With(int axis, long extent)
    {
        var dims = ToArray();
        dims[axis] = extent;
        return new TensorShape(dims);
    }

    public bool Equals(TensorShape other) => Dims.SequenceEqual(other.Dims);

    public override bool Equals(object? obj) => obj is TensorShape other && Equals(other);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var dim in Dims)
        {
            hash.Add(dim);
        }

        return hash.ToHashCode();
    }

    /// <summary>As the protocols' error texts write it: <c>[-1,3]</c>.</summary>
    public override string ToString() =>
        "[" + string.Join(',', (_dims ?? []).Select(d => d.ToString(CultureInfo.InvariantCulture))) + "]";

    public static bool operator ==(TensorShape left, TensorShape right) => left.Equals(right);

    public static bool operator !=(TensorShape left, TensorShape right) => !left.Equals(right);
}
