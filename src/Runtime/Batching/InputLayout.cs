using System.Buffers;
using System.Runtime.InteropServices;
using Serving.Runtime.Batching.Padding;
using Serving.Runtime.Inference;
using Serving.Runtime.Models;
using Serving.Runtime.Onnx;
using Serving.Runtime.Tensors;

namespace Serving.Runtime.Batching;

/// <summary>
/// Lays the rows of requests together along each input's batch axis, padded to the longest, into the memory of one run. An input without
/// a batch axis is the same for all and is taken from the first. A large input of a request alone is not copied: the run reads it where it is.
/// </summary>
internal sealed class InputLayout(GraphSignature signature, int[] batchAxes, PaddingPlan? padding)
{
    /// <summary>From here on a copy costs more than telling ONNX Runtime of other memory. Arbitrary, near where they are equal.</summary>
    private const int SmallestLent = 64 * 1024;

    /// <summary>The run of these requests, which have the same key, or of one.</summary>
    public RunPlan Plan(ReadOnlySpan<PendingRequest> members)
    {
        var first = members[0].Accepted;
        var longest = members.Length == 1 ? null : FindLongest(members);
        var rows = 0;
        var outputs = first.Outputs;
        foreach (var member in members)
        {
            rows += member.Accepted.Rows;
            outputs = OutputSelection.Union(outputs, member.Accepted.Outputs);
        }

        var count = first.Inputs.Count(static input => input is not null);
        var (inputs, places) = (new RunInput[count], new int[count]);
        for (var (i, bound) = (0, 0); i < first.Inputs.Length; i++)
        {
            if (first.Inputs[i] is { } input)
            {
                inputs[bound] = Describe(members, i, input, longest);
                places[bound++] = i;
            }
        }

        return new RunPlan(inputs, places, outputs, rows, longest, longest is null ? first.Length : LengthMeasure.Of(longest));
    }

    /// <summary>Writes the requests' rows into a run's memory.</summary>
    public void Write(RunPlan plan, ReadOnlySpan<PendingRequest> members, BoundRun run)
    {
        for (var bound = 0; bound < plan.Inputs.Length; bound++)
        {
            var (index, planned) = (plan.Places[bound], plan.Inputs[bound]);
            var first = members[0].Accepted.Inputs[index]!.Value;
            if (planned.IsLent)
            {
                TryLend(first, out var memory, out var offset);
                run.Lend(bound, memory!, offset, (int)first.Data.Length);
            }
            else if (members.Length == 1 || batchAxes[index] < 0)
            {
                first.Data.CopyTo(run.Write(bound, checked((int)first.Data.Length)));
            }
            else if (plan.PaddedTo is not null)
            {
                Pad(members, index, planned.Shape, run.Write(bound, SizeOf(planned)));
            }
            else
            {
                Concatenate(members, index, planned.Shape, run.Write(bound, TotalOf(members, index)));
            }
        }
    }

    private RunInput Describe(ReadOnlySpan<PendingRequest> members, int index, in InputTensor input, long[]? longest)
    {
        var expected = signature.Inputs[index];
        if (members.Length == 1)
        {
            return new RunInput(expected.Name, expected.Type, input.Shape, TryLend(input, out _, out _));
        }

        var axis = batchAxes[index];
        if (axis < 0)
        {
            return new RunInput(expected.Name, expected.Type, input.Shape);
        }

        var rows = 0L;
        foreach (var member in members)
        {
            rows += member.Accepted.Inputs[index]!.Value.Shape[axis];
        }

        var shape = longest is null ? input.Shape : padding!.WithLengths(index, input.Shape, longest);
        return new RunInput(expected.Name, expected.Type, shape.With(axis, rows));
    }

    // Only memory of ours is lent: what a client maps as well it can change, after a kernel has checked it and before it uses it.
    private static bool TryLend(in InputTensor input, out PooledBuffer? memory, out int offset)
    {
        (memory, offset) = (null, 0);
        return input.Type != ElementType.Bytes
            && input.Data.Length >= SmallestLent
            && input.Data.IsSingleSegment
            && MemoryMarshal.TryGetMemoryManager(input.Data.First, out memory, out offset, out _)
            && IsAligned(memory!, offset, input.Type.Size());
    }

    private static unsafe bool IsAligned(PooledBuffer memory, int offset, int elementSize) => (nuint)(memory.Pointer + offset) % (nuint)elementSize == 0;

    // The members' greatest lengths; null where all have the same, and nothing is to be padded.
    private static long[]? FindLongest(ReadOnlySpan<PendingRequest> members)
    {
        var first = members[0].Accepted.Lengths;
        long[]? longest = null;
        foreach (var member in members)
        {
            var lengths = member.Accepted.Lengths;
            if (longest is null && lengths.AsSpan().SequenceEqual(first))
            {
                continue;
            }

            longest ??= [.. first];
            for (var i = 0; i < longest.Length; i++)
            {
                longest[i] = Math.Max(longest[i], lengths[i]);
            }
        }

        return longest;
    }

    private static int SizeOf(in RunInput input)
    {
        input.Shape.TryCountElements(out var elements);
        return checked((int)(elements * input.Type.Size()));
    }

    private static int TotalOf(ReadOnlySpan<PendingRequest> members, int index)
    {
        var bytes = 0L;
        foreach (var member in members)
        {
            bytes += member.Accepted.Inputs[index]!.Value.Data.Length;
        }

        return checked((int)bytes);
    }

    private void Pad(ReadOnlySpan<PendingRequest> members, int index, TensorShape shape, Span<byte> target)
    {
        var axis = batchAxes[index];
        Filler.Fill(target, signature.Inputs[index].Type, padding!.Fillers[index]);
        var offset = 0L;
        foreach (var member in members)
        {
            var input = member.Accepted.Inputs[index]!.Value;
            using var whole = new WholeBytes(input.Data);
            BlockCopy.Insert(whole.Span, input.Shape.Dims, target, shape.Dims, axis, offset, input.Type.Size());
            offset += input.Shape[axis];
        }
    }

    private void Concatenate(ReadOnlySpan<PendingRequest> members, int index, TensorShape shape, Span<byte> target)
    {
        var outer = checked((int)AxisCopy.Outer(shape.Dims, batchAxes[index]));
        if (outer == 1)
        {
            Append(members, index, target);
            return;
        }

        var wholeBlock = target.Length / outer;
        var offset = 0;
        foreach (var member in members)
        {
            using var rows = new WholeBytes(member.Accepted.Inputs[index]!.Value.Data);
            var block = rows.Span.Length / outer;
            AxisCopy.Scatter(rows.Span, target, outer, block, wholeBlock, offset);
            offset += block;
        }
    }

    private static void Append(ReadOnlySpan<PendingRequest> members, int index, Span<byte> target)
    {
        foreach (var member in members)
        {
            var data = member.Accepted.Inputs[index]!.Value.Data;
            data.CopyTo(target);
            target = target[(int)data.Length..];
        }
    }

    /// <summary>A sequence as one piece: where it lies, or copied together.</summary>
    private readonly ref struct WholeBytes : IDisposable
    {
        private readonly PooledBuffer? _copy;

        public WholeBytes(in ReadOnlySequence<byte> data)
        {
            if (data.IsSingleSegment)
            {
                Span = data.FirstSpan;
                return;
            }

            _copy = BufferPool.Shared.Rent(checked((int)data.Length));
            data.CopyTo(_copy.GetSpan());
            Span = _copy.GetSpan();
        }

        public ReadOnlySpan<byte> Span { get; }

        public void Dispose() => _copy?.Dispose();
    }
}
