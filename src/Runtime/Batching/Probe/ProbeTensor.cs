using Serving.Runtime.Tensors;

namespace Serving.Runtime.Batching.Probe;

/// <summary>A tensor that the probe sends or got back, with its bytes on the managed heap.</summary>
internal sealed record ProbeTensor(ElementType Type, TensorShape Shape, byte[] Data)
{
    /// <summary>Lays rows together along an axis; along -1, or where there is but one, the first.</summary>
    public static ProbeTensor Join(IReadOnlyList<ProbeTensor> rows, int axis)
    {
        var first = rows[0];
        if (axis < 0 || rows.Count == 1)
        {
            return first;
        }

        var shape = first.Shape.With(axis, rows.Sum(r => r.Shape[axis]));
        if (first.Type == ElementType.Bytes)
        {
            return new ProbeTensor(first.Type, shape, [.. rows.SelectMany(r => r.Data)]);
        }

        var data = new byte[rows.Sum(r => r.Data.Length)];
        var outer = AxisCopy.Outer(shape.Dims, axis);
        var inner = (int)AxisCopy.Inner(shape.Dims, axis, first.Type.Size());
        var offset = 0;
        foreach (var row in rows)
        {
            var block = (int)row.Shape[axis] * inner;
            AxisCopy.Scatter(row.Data, data, outer, block, (int)shape[axis] * inner, offset);
            offset += block;
        }

        return new ProbeTensor(first.Type, shape, data);
    }
}
