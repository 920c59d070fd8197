using System.Buffers;
using Serving.Runtime.Tensors;

namespace Serving.Runtime.Inference;

/// <summary>Takes tensors apart along their first axis and puts them together again. Pure; makes new memory only where it must.</summary>
internal static class TensorRows
{
    /// <summary>Each row as a tensor with one row, where it lies.</summary>
    public static TensorView[] Split(in TensorView tensor)
    {
        var rows = new TensorView[tensor.Rows];
        var shape = tensor.Shape.With(0, 1);
        shape.TryCountElements(out var elements);
        var rest = tensor.Data;
        for (var i = 0; i < rows.Length; i++)
        {
            var length = tensor.Type == ElementType.Bytes ? LengthOf(rest, elements) : elements * tensor.Type.Size();
            rows[i] = new TensorView(tensor.Type, shape, rest.Slice(0, length));
            rest = rest.Slice(length);
        }

        return rows;
    }

    /// <summary>Tensors one behind the other; null where their types or the shapes of their rows differ. There is at least one.</summary>
    public static TensorView? Join(IReadOnlyList<TensorView> parts)
    {
        var first = parts[0];
        if (first.Shape.Rank == 0 || parts.Any(part => part.Type != first.Type || part.Shape.Rank != first.Shape.Rank || part.Shape.With(0, 1) != first.Shape.With(0, 1)))
        {
            return null;
        }

        if (parts.Count == 1)
        {
            return first;
        }

        var joined = new byte[parts.Sum(part => part.Data.Length)];
        var position = 0;
        foreach (var part in parts)
        {
            part.Data.CopyTo(joined.AsSpan(position));
            position += (int)part.Data.Length;
        }

        return new TensorView(first.Type, first.Shape.With(0, parts.Sum(part => part.Shape[0])), new ReadOnlySequence<byte>(joined));
    }

    /// <summary>Some rows, in the order given.</summary>
    public static TensorView Select(in TensorView tensor, IReadOnlyList<int> rows)
    {
        var split = Split(tensor);
        return Join([.. rows.Select(row => split[row])]) ?? throw new InvalidOperationException("Rows of one tensor have one shape.");
    }

    /// <summary><paramref name="tensor"/> with some of its rows replaced by those of another; null where the rows' types or shapes differ.</summary>
    public static TensorView? Replace(in TensorView tensor, IReadOnlyList<int> rows, in TensorView by)
    {
        var split = Split(tensor);
        var replacing = Split(by);
        if (replacing.Length != rows.Count)
        {
            return null;
        }

        for (var i = 0; i < rows.Count; i++)
        {
            split[rows[i]] = replacing[i];
        }

        return Join(split);
    }

    private static long LengthOf(in ReadOnlySequence<byte> data, long elements)
    {
        var reader = new SequenceReader<byte>(data);
        for (var i = 0L; i < elements; i++)
        {
            reader.TryReadLittleEndian(out int length);
            reader.Advance(length);
        }

        return reader.Consumed;
    }
}
