using System.Buffers;
using Serving.Runtime.Inference;

namespace Serving.Runtime.Batching;

/// <summary>
/// What two requests must have in common to share a batch: the same inputs, equal extents but for the batch axis and those
/// that are padded, and byte-equal values of the inputs that have no batch axis. It keeps copies, for it can outlive the request that it was made of.
/// </summary>
internal sealed class BatchKey : IEquatable<BatchKey>
{
    /// <summary>Stands for an extent that may differ.</summary>
    private const long Any = -1;

    private readonly long[]?[] _dims;
    private readonly byte[]?[] _shared;
    private readonly int _hash;

    /// <param name="hash">The sum of what follows.</param>
    /// <param name="inputs">A request's inputs in the model's order, null for one left out.</param>
    /// <param name="batchAxes">Each input's batch axis, -1 for none.</param>
    /// <param name="free">Per input, the axes whose extents may differ, as bits.</param>
    public BatchKey(int hash, ReadOnlySpan<InputTensor?> inputs, ReadOnlySpan<int> batchAxes, ReadOnlySpan<ulong> free)
    {
        _hash = hash;
        _dims = new long[]?[inputs.Length];
        _shared = new byte[]?[inputs.Length];
        for (var i = 0; i < inputs.Length; i++)
        {
            if (inputs[i] is not { } input)
            {
                continue;
            }

            var dims = input.Shape.ToArray();
            for (var axis = 0; axis < dims.Length; axis++)
            {
                dims[axis] = IsFree(free[i], axis) ? Any : dims[axis];
            }

            _dims[i] = dims;
            _shared[i] = batchAxes[i] < 0 ? input.Data.ToArray() : null;
        }
    }

    /// <summary>Whether an axis is among those whose extents may differ.</summary>
    public static bool IsFree(ulong free, int axis) => axis < 64 && (free & (1UL << axis)) != 0;

    /// <summary>Whether this is the key of a request's inputs.</summary>
    /// <param name="hash">The sum of the inputs.</param>
    /// <param name="inputs">The inputs in the model's order, null for one left out.</param>
    public bool Matches(int hash, ReadOnlySpan<InputTensor?> inputs)
    {
        if (hash != _hash)
        {
            return false;
        }

        for (var i = 0; i < inputs.Length; i++)
        {
            if (inputs[i] is not { } input)
            {
                if (_dims[i] is not null)
                {
                    return false;
                }

                continue;
            }

            if (_dims[i] is not { } dims || !Matches(dims, input.Shape.Dims) || (_shared[i] is { } shared && !Matches(shared, input.Data)))
            {
                return false;
            }
        }

        return true;
    }

    public bool Equals(BatchKey? other)
    {
        if (ReferenceEquals(this, other))
        {
            return true;
        }

        if (other is null || other._hash != _hash || other._dims.Length != _dims.Length)
        {
            return false;
        }

        for (var i = 0; i < _dims.Length; i++)
        {
            if (_dims[i] is null != other._dims[i] is null
                || !_dims[i].AsSpan().SequenceEqual(other._dims[i])
                || !_shared[i].AsSpan().SequenceEqual(other._shared[i]))
            {
                return false;
            }
        }

        return true;
    }

    public override bool Equals(object? obj) => Equals(obj as BatchKey);

    public override int GetHashCode() => _hash;

    private static bool Matches(ReadOnlySpan<long> key, ReadOnlySpan<long> dims)
    {
        if (key.Length != dims.Length)
        {
            return false;
        }

        for (var axis = 0; axis < key.Length; axis++)
        {
            if (key[axis] != Any && key[axis] != dims[axis])
            {
                return false;
            }
        }

        return true;
    }

    private static bool Matches(ReadOnlySpan<byte> shared, in ReadOnlySequence<byte> data)
    {
        if (shared.Length != data.Length)
        {
            return false;
        }

        foreach (var piece in data)
        {
            if (!piece.Span.SequenceEqual(shared[..piece.Length]))
            {
                return false;
            }

            shared = shared[piece.Length..];
        }

        return true;
    }
}
