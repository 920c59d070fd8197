using System.Buffers;
using Serving.Runtime.Inference;
using Serving.Runtime.Onnx;
using Serving.Runtime.Tensors;

namespace Serving.Runtime.Batching;

/// <summary>The inputs of one run, copied from its requests into native memory. Disposing it gives the memory back.</summary>
internal sealed class BatchInputs : IDisposable
{
    private readonly List<GraphTensor> _tensors = [];

    public GraphTensor[] ToArray() => [.. _tensors];

    /// <summary>Lays the members' rows together along each input's batch axis; other inputs are the first member's.</summary>
    public static BatchInputs Gather(IReadOnlyList<PendingRequest> members, ReadOnlySpan<int> batchAxes)
    {
        var inputs = new BatchInputs();
        try
        {
            var first = members[0].Accepted.Inputs;
            for (var i = 0; i < first.Length; i++)
            {
                if (first[i] is { } input)
                {
                    inputs._tensors.Add(members.Count == 1 || batchAxes[i] < 0 ? Copy(input) : Concatenate(members, i, batchAxes[i]));
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
