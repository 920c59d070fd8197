using Serving.Runtime.Batching.Padding;
using Serving.Runtime.Inference;
using Serving.Runtime.Onnx;
using Serving.Runtime.Tensors;

namespace Serving.Runtime.Batching;

/// <summary>
/// The outputs of one run, shared by the responses cut from them; the last response to be disposed frees them.
/// A row whose bytes lie together is answered where it lies; along an inner axis it is copied together first.
/// </summary>
internal sealed class BatchOutputs : IDisposable
{
    private readonly GraphOutput[] _outputs;
    private readonly Dictionary<string, GraphOutput> _byName = [];
    private readonly int _rows;
    private int _users;

    /// <param name="names">The outputs' names.</param>
    /// <param name="outputs">What the run answered, in that order.</param>
    /// <param name="rows">How many rows ran.</param>
    /// <param name="users">How many responses will be cut.</param>
    public BatchOutputs(IReadOnlyList<string> names, GraphOutput[] outputs, int rows, int users)
    {
        _outputs = outputs;
        _rows = rows;
        _users = users;
        for (var i = 0; i < outputs.Length; i++)
        {
            _byName[names[i]] = outputs[i];
        }
    }

    /// <summary>A member's outputs and what must be disposed with them.</summary>
    /// <param name="wanted">The outputs that it asked for, in its order.</param>
    /// <param name="axes">The outputs' batch axes; null where it ran alone and gets all of each output.</param>
    /// <param name="padding">How the rows were padded; null where they were not.</param>
    /// <param name="offset">Its first row.</param>
    /// <param name="member">The member.</param>
    public (OutputTensor[] Outputs, IDisposable Owner) Cut(
        IReadOnlyList<string> wanted, IReadOnlyDictionary<string, int>? axes, PaddingPlan? padding, int offset, AcceptedRequest member)
    {
        var tensors = new OutputTensor[wanted.Count];
        var owner = new Share(this);
        for (var i = 0; i < tensors.Length; i++)
        {
            var output = _byName[wanted[i]];
            if (axes is null || !axes.TryGetValue(wanted[i], out var axis))
            {
                tensors[i] = new OutputTensor(wanted[i], output.Type, output.Shape, output.Memory);
                continue;
            }

            var cropped = Crop(wanted[i], output.Shape, padding, member.Lengths);
            tensors[i] = cropped == output.Shape
                ? Slice(wanted[i], output, axis, offset, member.Rows, owner)
                : Extract(wanted[i], output, cropped, axis, offset, member.Rows, owner);
        }

        return (tensors, owner);
    }

    /// <summary>Gives up one response's share without cutting it.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _users) == 0)
        {
            Dispose();
        }
    }

    /// <summary>Frees the outputs before any response is cut.</summary>
    public void Dispose()
    {
        foreach (var output in _outputs)
        {
            output.Dispose();
        }
    }

    /// <summary>
    /// Whether every output is as long as the lengths that the rows were padded to lead to; otherwise the plan does not hold there.
    /// </summary>
    public bool FitLengths(PaddingPlan padding, long[] lengths) =>
        _byName.All(output => padding.Outputs[output.Key].All(axis => axis.At(lengths[axis.Class]) == output.Value.Shape[axis.Axis]));

    // The output's shape with the extents that this member's lengths lead to, where others of the batch were longer.
    private static TensorShape Crop(string name, TensorShape shape, PaddingPlan? padding, long[] lengths)
    {
        foreach (var length in padding?.Outputs[name] ?? [])
        {
            shape = shape.With(length.Axis, length.At(lengths[length.Class]));
        }

        return shape;
    }

    private OutputTensor Extract(string name, GraphOutput output, TensorShape cropped, int axis, int offset, int rows, Share owner)
    {
        var steps = StepsPerRow(name, output, axis);
        var shape = cropped.With(axis, steps * rows);
        shape.TryCountElements(out var elements);
        var length = checked((int)(elements * output.Type.Size()));
        if (BlockCopy.FindRun(shape.Dims, output.Shape.Dims, axis, offset * steps, output.Type.Size()) is { } start)
        {
            return new OutputTensor(name, output.Type, shape, output.Memory.Slice(start, length));
        }

        var buffer = owner.Rent(length);
        BlockCopy.Extract(output.Memory.Span, output.Shape.Dims, buffer.GetSpan(), shape.Dims, axis, offset * steps, output.Type.Size());
        return new OutputTensor(name, output.Type, shape, buffer.Memory);
    }

    // The probe has seen extents in proportion to the rows: one step, or a fixed number of steps, a row.
    private long StepsPerRow(string name, GraphOutput output, int axis)
    {
        var extent = output.Shape[axis];
        return extent % _rows == 0 ? extent / _rows
            : throw new GraphException($"output '{name}' has extent {extent} along its batch axis {axis}, which is no multiple of the batch's {_rows} rows");
    }

    private OutputTensor Slice(string name, GraphOutput output, int axis, int offset, int rows, Share owner)
    {
        var steps = StepsPerRow(name, output, axis);
        var shape = output.Shape.With(axis, steps * rows);
        var outer = AxisCopy.Outer(shape.Dims, axis);
        if (output.Type == ElementType.Bytes)
        {
            var (from, to) = StringRange(output.Memory.Span, shape, axis, offset * steps, rows * steps);
            return new OutputTensor(name, output.Type, shape, output.Memory[from..to]);
        }

        var row = AxisCopy.Inner(shape.Dims, axis, output.Type.Size()) * steps;
        var (start, length) = (checked((int)(row * offset)), checked((int)(row * rows)));
        if (outer == 1)
        {
            return new OutputTensor(name, output.Type, shape, output.Memory.Slice(start, length));
        }

        var buffer = owner.Rent(checked((int)(outer * length)));
        AxisCopy.Gather(output.Memory.Span, buffer.GetSpan(), outer, length, checked((int)(row * _rows)), start);
        return new OutputTensor(name, output.Type, shape, buffer.Memory);
    }

    // Strings differ in length, so their place is found by walking over those before them. Only axis 0 is ever batched.
    private static (int From, int To) StringRange(ReadOnlySpan<byte> data, TensorShape shape, int axis, long offset, long steps)
    {
        var perStep = AxisCopy.Inner(shape.Dims, axis, elementSize: 1);
        var from = StringTensors.Skip(data, offset * perStep);
        return (from, from + StringTensors.Skip(data[from..], steps * perStep));
    }

    /// <summary>One response's hold on the run's outputs, and the copies made for it.</summary>
    private sealed class Share(BatchOutputs outputs) : IDisposable
    {
        private List<PooledBuffer>? _copies;

        public PooledBuffer Rent(int length)
        {
            var buffer = BufferPool.Shared.Rent(length);
            (_copies ??= []).Add(buffer);
            return buffer;
        }

        public void Dispose()
        {
            _copies?.ForEach(static copy => copy.Dispose());
            outputs.Release();
        }
    }
}
