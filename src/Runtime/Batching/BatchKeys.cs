using System.Buffers;
using Serving.Runtime.Batching.Padding;
using Serving.Runtime.Inference;

namespace Serving.Runtime.Batching;

/// <summary>
/// Makes the keys of a model's requests. Most requests have the key of one before them, which is found without making it anew.
/// </summary>
internal sealed class BatchKeys
{
    /// <summary>Keys that are remembered, a power of two. Arbitrary: a model that is called with more kinds of requests at a time is rare.</summary>
    private const int Remembered = 64;

    /// <summary>Inputs without a batch axis are scalars and small settings; who sends large ones runs alone.</summary>
    private const int LargestShared = 4096;

    private readonly int[] _batchAxes;
    private readonly ulong[] _free;
    private readonly BatchKey?[] _recent = new BatchKey?[Remembered];

    /// <param name="batchAxes">Each input's batch axis, -1 for none.</param>
    /// <param name="padding">How lengths are padded; null where they must be equal.</param>
    public BatchKeys(int[] batchAxes, PaddingPlan? padding)
    {
        _batchAxes = batchAxes;
        _free = new ulong[batchAxes.Length];
        for (var i = 0; i < batchAxes.Length; i++)
        {
            _free[i] = batchAxes[i] < 0 ? 0 : 1UL << batchAxes[i];
        }

        foreach (var place in padding?.Classes.SelectMany(c => c.Axes) ?? [])
        {
            _free[place.Input] |= 1UL << place.Axis;
        }
    }

    /// <summary>The key of a request; null where it must run alone.</summary>
    /// <param name="inputs">The request's inputs in the model's order, null for one left out.</param>
    public BatchKey? Get(ReadOnlySpan<InputTensor?> inputs)
    {
        if (!TryHash(inputs, out var hash))
        {
            return null;
        }

        ref var recent = ref _recent[hash & (Remembered - 1)];
        var key = Volatile.Read(ref recent);
        if (key is null || !key.Matches(hash, inputs))
        {
            key = new BatchKey(hash, inputs, _batchAxes, _free);
            Volatile.Write(ref recent, key);
        }

        return key;
    }

    private bool TryHash(ReadOnlySpan<InputTensor?> inputs, out int hash)
    {
        hash = 0;
        var sum = default(HashCode);
        for (var i = 0; i < inputs.Length; i++)
        {
            if (inputs[i] is not { } input)
            {
                sum.Add(i);
                continue;
            }

            var dims = input.Shape.Dims;
            for (var axis = 0; axis < dims.Length; axis++)
            {
                sum.Add(BatchKey.IsFree(_free[i], axis) ? -1 : dims[axis]);
            }

            if (_batchAxes[i] < 0)
            {
                if (input.Data.Length > LargestShared)
                {
                    return false;
                }

                AddBytes(ref sum, input.Data);
            }
        }

        hash = sum.ToHashCode();
        return true;
    }

    private static void AddBytes(ref HashCode sum, in ReadOnlySequence<byte> data)
    {
        // Byte by byte: the hash must not depend on where the sequence happens to be cut.
        foreach (var piece in data)
        {
            foreach (var value in piece.Span)
            {
                sum.Add(value);
            }
        }
    }
}
