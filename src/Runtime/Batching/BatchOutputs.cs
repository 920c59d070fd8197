using Serving.Runtime.Inference;
using Serving.Runtime.Onnx;
using Serving.Runtime.Tensors;

namespace Serving.Runtime.Batching;

/// <summary>
/// The outputs of one run, shared by the responses cut from them; the last response to be disposed frees them.
/// A row whose bytes lie together is answered where it lies; along an inner axis it is copied together first.
/// </summary>
internal sealed class BatchOutputs
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
    /// <param name="offset">Its first row.</param>
    /// <param name="rows">Its rows.</param>
    public (OutputTensor[] Outputs, IDisposable Owner) Cut(
        IReadOnlyList<string> wanted, IReadOnlyDictionary<string, int>? axes, int offset, int rows)
    {
        var tensors = new OutputTensor[wanted.Count];
        var owner = new Share(this);
        for (var i = 0; i < tensors.Length; i++)
        {
            var output = _byName[wanted[i]];
            tensors[i] = axes is not null && axes.TryGetValue(wanted[i], out var axis)
                ? Slice(wanted[i], output, axis, offset, rows, owner)
                : new OutputTensor(wanted[i], output.Type, output.Shape, output.Memory);
        }

        return (tensors, owner);
    }

    /// <summary>Gives up one response's share without cutting it.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _users) == 0)
        {
            foreach (var output in _outputs)
            {
                output.Dispose();
            }
        }
    }

    private OutputTensor Slice(string name, GraphOutput output, int axis, int offset, int rows, Share owner)
    {
        // The probe has seen extents in proportion to the rows: one step, or a fixed number of steps, a row.
        var extent = output.Shape[axis];
        if (extent % _rows != 0)
        {
            throw new GraphException($"output '{name}' has extent {extent} along its batch axis {axis}, which is no multiple of the batch's {_rows} rows");
        }

        var steps = extent / _rows;
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
