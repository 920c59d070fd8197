using System.Buffers;
using Serving.Runtime.Batching.Padding;
using Serving.Runtime.Inference;
using Serving.Runtime.Tensors;

namespace Serving.Runtime.Batching;

/// <summary>
/// What two requests must have in common to share a batch: the same inputs, equal extents but for the batch axis and those
/// that are padded, and byte-equal values of the inputs that have no batch axis. It keeps copies, for it can outlive the request that it was made of.
/// </summary>
internal sealed class BatchKey : IEquatable<BatchKey>
{
    /// <summary>Inputs without a batch axis are scalars and small settings; who sends large ones runs alone.</summary>
    private const int LargestShared = 4096;

    private readonly TensorShape?[] _shapes;
    private readonly byte[]?[] _shared;
    private readonly int _hash;

    private BatchKey(TensorShape?[] shapes, byte[]?[] shared)
    {
        _shapes = shapes;
        _shared = shared;
        var hash = default(HashCode);
        foreach (var shape in shapes)
        {
            hash.Add(shape);
        }

        foreach (var bytes in shared)
        {
            hash.AddBytes(bytes);
        }

        _hash = hash.ToHashCode();
    }

    /// <summary>The key of a request; null where it must run alone.</summary>
    /// <param name="inputs">The request's inputs in the model's order, null for one left out.</param>
    /// <param name="batchAxes">Each input's batch axis, -1 for none.</param>
    /// <param name="padding">How lengths are padded; null where they must be equal.</param>
    public static BatchKey? Create(ReadOnlySpan<InputTensor?> inputs, ReadOnlySpan<int> batchAxes, PaddingPlan? padding)
    {
        var shapes = new TensorShape?[inputs.Length];
        var shared = new byte[]?[inputs.Length];
        for (var i = 0; i < inputs.Length; i++)
        {
            if (inputs[i] is not { } input)
            {
                continue;
            }

            if (batchAxes[i] >= 0)
            {
                shapes[i] = padding is null ? input.Shape.With(batchAxes[i], -1) : padding.WithoutLengths(i, input.Shape.With(batchAxes[i], -1));
            }
            else if (input.Data.Length <= LargestShared)
            {
                shapes[i] = input.Shape;
                shared[i] = input.Data.ToArray();
            }
            else
            {
                return null;
            }
        }

        return new BatchKey(shapes, shared);
    }

    public bool Equals(BatchKey? other)
    {
        if (other is null || other._hash != _hash || !_shapes.AsSpan().SequenceEqual(other._shapes))
        {
            return false;
        }

        for (var i = 0; i < _shared.Length; i++)
        {
            if (!_shared[i].AsSpan().SequenceEqual(other._shared[i]))
            {
                return false;
            }
        }

        return true;
    }

    public override bool Equals(object? obj) => Equals(obj as BatchKey);

    public override int GetHashCode() => _hash;
}
