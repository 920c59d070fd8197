namespace Serving.Runtime.Tokenization.Text;

/// <summary>Ranges of a <see cref="NormalizedText"/>, none of them empty.</summary>
internal sealed class PieceList
{
    private (int Start, int End)[] _pieces = new (int, int)[64];

    public int Count { get; private set; }

    public (int Start, int End) this[int index] => _pieces[index];

    public void Clear() => Count = 0;

    /// <summary>Adds a piece; an empty one is left out.</summary>
    public void Add(int start, int end)
    {
        if (start >= end)
        {
            return;
        }

        if (Count == _pieces.Length)
        {
            Array.Resize(ref _pieces, 2 * Count);
        }

        _pieces[Count++] = (start, end);
    }
}
