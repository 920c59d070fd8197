using Serving.Runtime.Batching.Padding;
using Serving.Runtime.Inference;
using Serving.Runtime.Onnx;
using Serving.Runtime.Tensors;

namespace Serving.Runtime.Batching;

/// <summary>Cuts the rows of single requests out of one output of a run.</summary>
internal sealed class OutputCutter
{
    private readonly string _name;
    private readonly RunOutput _output;
    private readonly int _axis;
    private readonly long _steps;
    private readonly IReadOnlyList<OutputLength> _lengths;
    private TensorShape _shape;
    private int _shapeRows;

    /// <param name="name">The output's name.</param>
    /// <param name="output">The output.</param>
    /// <param name="axis">Its batch axis; -1 for none: all get all of it.</param>
    /// <param name="rows">How many rows ran.</param>
    /// <param name="lengths">Its axes whose extents follow from lengths that were padded; null where nothing was.</param>
    public OutputCutter(string name, RunOutput output, int axis, int rows, IReadOnlyList<OutputLength>? lengths)
    {
        (_name, _output, _axis, _lengths) = (name, output, axis, lengths ?? []);
        _steps = axis < 0 ? 0 : StepsPerRow(rows);
    }

    /// <summary>A member's part of the output.</summary>
    /// <param name="member">The member.</param>
    /// <param name="offset">Its first row.</param>
    /// <param name="copies">Takes what had to be copied.</param>
    public OutputTensor Cut(AcceptedRequest member, int offset, OutputCopies copies)
    {
        if (_axis < 0)
        {
            return new OutputTensor(_name, _output.Type, _output.Shape, _output.Memory);
        }

        var cropped = Crop(member.Lengths);
        return cropped == _output.Shape ? Slice(offset, member.Rows, copies) : Extract(cropped, offset, member.Rows, copies);
    }

    // The probe has seen extents in proportion to the rows: one step, or a fixed number of steps, a row.
    private long StepsPerRow(int rows)
    {
        var extent = _output.Shape[_axis];
        return extent % rows == 0 ? extent / rows
            : throw new GraphException($"output '{_name}' has extent {extent} along its batch axis {_axis}, which is no multiple of the batch's {rows} rows");
    }

    // The output's shape with the extents that this member's lengths lead to, where others of the batch were longer.
    private TensorShape Crop(long[] lengths)
    {
        var shape = _output.Shape;
        for (var i = 0; i < _lengths.Count; i++)
        {
            shape = shape.With(_lengths[i].Axis, _lengths[i].At(lengths[_lengths[i].Class]));
        }

        return shape;
    }

    private OutputTensor Extract(TensorShape cropped, int offset, int rows, OutputCopies copies)
    {
        var shape = cropped.With(_axis, _steps * rows);
        shape.TryCountElements(out var elements);
        var length = checked((int)(elements * _output.Type.Size()));
        if (BlockCopy.FindRun(shape.Dims, _output.Shape.Dims, _axis, offset * _steps, _output.Type.Size()) is { } start)
        {
            return new OutputTensor(_name, _output.Type, shape, _output.Memory.Slice(start, length));
        }

        var buffer = copies.Rent(length);
        BlockCopy.Extract(_output.Memory.Span, _output.Shape.Dims, buffer.GetSpan(), shape.Dims, _axis, offset * _steps, _output.Type.Size());
        return new OutputTensor(_name, _output.Type, shape, buffer.Memory);
    }

    private OutputTensor Slice(int offset, int rows, OutputCopies copies)
    {
        var shape = ShapeOf(rows);
        if (_output.Type == ElementType.Bytes)
        {
            return new OutputTensor(_name, _output.Type, shape, SliceStrings(shape, offset, rows));
        }

        var outer = AxisCopy.Outer(shape.Dims, _axis);
        var row = AxisCopy.Inner(shape.Dims, _axis, _output.Type.Size()) * _steps;
        var (start, length) = (checked((int)(row * offset)), checked((int)(row * rows)));
        if (outer == 1)
        {
            return new OutputTensor(_name, _output.Type, shape, _output.Memory.Slice(start, length));
        }

        var buffer = copies.Rent(checked((int)(outer * length)));
        AxisCopy.Gather(_output.Memory.Span, buffer.GetSpan(), outer, length, checked((int)(_output.Memory.Length / outer)), start);
        return new OutputTensor(_name, _output.Type, shape, buffer.Memory);
    }

    // Most members have as many rows as the one before.
    private TensorShape ShapeOf(int rows)
    {
        if (_shapeRows != rows)
        {
            (_shape, _shapeRows) = (_output.Shape.With(_axis, _steps * rows), rows);
        }

        return _shape;
    }

    // Strings differ in length, so their place is found by walking over those before them. Only axis 0 is ever batched.
    private ReadOnlyMemory<byte> SliceStrings(TensorShape shape, int offset, int rows)
    {
        var perStep = AxisCopy.Inner(shape.Dims, _axis, elementSize: 1);
        var data = _output.Memory.Span;
        var from = StringTensors.Skip(data, offset * _steps * perStep);
        return _output.Memory.Slice(from, StringTensors.Skip(data[from..], rows * _steps * perStep));
    }
}
