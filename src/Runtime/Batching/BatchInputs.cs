using System.Buffers;
using Serving.Runtime.Batching.Padding;
using Serving.Runtime.Inference;
using Serving.Runtime.Onnx;
using Serving.Runtime.Tensors;

namespace Serving.Runtime.Batching;

/// <summary>The inputs of one run, copied from its requests into native memory. Disposing it gives the memory back.</summary>
internal sealed class BatchInputs : IDisposable
{
    private readonly List<GraphTensor> _tensors = [];

    /// <summary>The lengths that rows were padded to; null where all had the same.</summary>
    public long[]? PaddedTo { get; private init; }

    /// <summary>What a row of the run costs grows with this; 1 for a model without lengths.</summary>
    public int Length { get; private init; } = 1;

    public GraphTensor[] ToArray() => [.. _tensors];

    /// <summary>
    /// Lays the members' rows together along each input's batch axis, padded to the longest; other inputs are the first member's.
    /// </summary>
    public static BatchInputs Gather(IReadOnlyList<PendingRequest> members, ReadOnlySpan<int> batchAxes, PaddingPlan? padding)
    {
        var longest = padding is null ? null : Longest(members);
        var inputs = new BatchInputs { PaddedTo = longest, Length = LengthMeasure.Of(longest ?? members[0].Accepted.Lengths) };
        try
        {
            var first = members[0].Accepted.Inputs;
            for (var i = 0; i < first.Length; i++)
            {
                if (first[i] is { } input)
                {
                    inputs._tensors.Add(
                        members.Count == 1 || batchAxes[i] < 0 ? Copy(input)
                        : longest is not null ? Pad(members, i, batchAxes[i], padding!.WithLengths(i, input.Shape, longest), padding.Fillers[i])
                        : Concatenate(members, i, batchAxes[i]));
                }
            }

            return inputs;
        }
        catch
        {
            inputs.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        foreach (var tensor in _tensors)
        {
            tensor.Data.Dispose();
        }

        _tensors.Clear();
    }

    private static GraphTensor Copy(in InputTensor input)
    {
        var buffer = BufferPool.Shared.Rent(checked((int)input.Data.Length));
        input.Data.CopyTo(buffer.GetSpan());
        return new GraphTensor(input.Name, input.Type, input.Shape, buffer);
    }

    // The members' greatest lengths; null where all have the same, and nothing is to be padded.
    private static long[]? Longest(IReadOnlyList<PendingRequest> members)
    {
        var longest = members[0].Accepted.Lengths;
        var differ = false;
        foreach (var member in members)
        {
            differ |= !member.Accepted.Lengths.AsSpan().SequenceEqual(members[0].Accepted.Lengths);
            longest = [.. longest.Zip(member.Accepted.Lengths, Math.Max)];
        }

        return differ ? longest : null;
    }

    private static GraphTensor Pad(IReadOnlyList<PendingRequest> members, int index, int axis, TensorShape longest, int filler)
    {
        var first = members[0].Accepted.Inputs[index]!.Value;
        var shape = longest.With(axis, members.Sum(m => m.Accepted.Inputs[index]!.Value.Shape[axis]));
        shape.TryCountElements(out var elements);
        var buffer = BufferPool.Shared.Rent(checked((int)(elements * first.Type.Size())));
        Filler.Fill(buffer.GetSpan(), first.Type, filler);
        var offset = 0L;
        foreach (var member in members)
        {
            var input = member.Accepted.Inputs[index]!.Value;
            Insert(input, buffer.GetSpan(), shape, axis, offset);
            offset += input.Shape[axis];
        }

        return new GraphTensor(first.Name, first.Type, shape, buffer);
    }

    private static void Insert(in InputTensor input, Span<byte> target, TensorShape shape, int axis, long offset)
    {
        if (input.Data.IsSingleSegment)
        {
            BlockCopy.Insert(input.Data.FirstSpan, input.Shape.Dims, target, shape.Dims, axis, offset, input.Type.Size());
            return;
        }

        using var whole = BufferPool.Shared.Rent((int)input.Data.Length);
        input.Data.CopyTo(whole.GetSpan());
        BlockCopy.Insert(whole.GetSpan(), input.Shape.Dims, target, shape.Dims, axis, offset, input.Type.Size());
    }

    private static GraphTensor Concatenate(IReadOnlyList<PendingRequest> members, int index, int axis)
    {
        var (rows, bytes) = (0L, 0L);
        foreach (var member in members)
        {
            var input = member.Accepted.Inputs[index]!.Value;
            rows += input.Shape[axis];
            bytes += input.Data.Length;
        }

        var first = members[0].Accepted.Inputs[index]!.Value;
        var shape = first.Shape.With(axis, rows);
        var buffer = BufferPool.Shared.Rent(checked((int)bytes));
        var outer = AxisCopy.Outer(shape.Dims, axis);
        if (outer == 1)
        {
            Append(members, index, buffer.GetSpan());
        }
        else
        {
            Interleave(members, index, buffer.GetSpan(), checked((int)outer));
        }

        return new GraphTensor(first.Name, first.Type, shape, buffer);
    }

    private static void Append(IReadOnlyList<PendingRequest> members, int index, Span<byte> target)
    {
        foreach (var member in members)
        {
            var data = member.Accepted.Inputs[index]!.Value.Data;
            data.CopyTo(target);
            target = target[(int)data.Length..];
        }
    }

    private static void Interleave(IReadOnlyList<PendingRequest> members, int index, Span<byte> target, int outer)
    {
        var wholeBlock = target.Length / outer;
        var offset = 0;
        foreach (var member in members)
        {
            var data = member.Accepted.Inputs[index]!.Value.Data;
            var block = (int)data.Length / outer;
            using var row = BufferPool.Shared.Rent((int)data.Length);
            data.CopyTo(row.GetSpan());
            AxisCopy.Scatter(row.GetSpan(), target, outer, block, wholeBlock, offset);
            offset += block;
        }
    }
}
