using Serving.Runtime.Tensors;

namespace Serving.Runtime.Tasks;

/// <summary>
/// Answers of which each row has another number of things: as tensors, rows are as long as the longest, what is missing is empty or 0,
/// and <c>count</c> says how many things each row has.
/// </summary>
internal sealed class RaggedRows<T>
{
    private readonly IReadOnlyList<IReadOnlyList<T>> _rows;
    private readonly int _width;

    /// <param name="rows">The things of each row. Comes before memory is taken for an answer.</param>
    /// <exception cref="AnswerTooLargeException">One row is so long, and the others are so many, that no machine holds them filled up.</exception>
    public RaggedRows(IReadOnlyList<IReadOnlyList<T>> rows)
    {
        _rows = rows;
        _width = rows.Max(row => row.Count);
        AnswerSize.Check(rows.Count, _width);
    }

    /// <summary>Of a tensor with one element for each thing.</summary>
    public TensorShape Shape => new(_rows.Count, _width);

    /// <summary>Of a tensor with several elements for each thing.</summary>
    public TensorShape ShapeOf(int elements) => new(_rows.Count, _width, elements);

    public string[] Texts(Func<T, string> read) => Fill(1, "", (one, to) => to[0] = read(one));

    public float[] Floats(Func<T, float> read) => Fill(1, 0f, (one, to) => to[0] = read(one));

    public long[] Longs(Func<T, long> read) => Fill(1, 0L, (one, to) => to[0] = read(one));

    /// <summary>Several numbers of each thing.</summary>
    public float[] Floats(int elements, Func<T, float[]> read) => Fill(elements, 0f, (one, to) => read(one).CopyTo(to));

    public ReadOnlyMemory<byte>[] Files(Func<T, ReadOnlyMemory<byte>> read) => Fill(1, ReadOnlyMemory<byte>.Empty, (one, to) => to[0] = read(one));

    public void AddCounts(TaskAnswer answer) => answer.Add(RaggedCounts.Output.Name, new TensorShape(_rows.Count), [.. _rows.Select(row => (long)row.Count)]);

    private delegate void Writer<TElement>(T one, Span<TElement> to);

    private TElement[] Fill<TElement>(int elements, TElement missing, Writer<TElement> write)
    {
        var filled = new TElement[_rows.Count * _width * elements];
        Array.Fill(filled, missing);
        for (var row = 0; row < _rows.Count; row++)
        {
            for (var i = 0; i < _rows[row].Count; i++)
            {
                write(_rows[row][i], filled.AsSpan(((row * _width) + i) * elements, elements));
            }
        }

        return filled;
    }
}
