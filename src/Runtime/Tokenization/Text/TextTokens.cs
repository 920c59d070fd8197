namespace Serving.Runtime.Tokenization.Text;

/// <summary>The tokens of a text, in order, with ranges of the original in UTF-16 units.</summary>
internal sealed class TextTokens
{
    private Entry[] _entries = new Entry[128];
    private int _word;

    public int Count { get; private set; }

    public ReadOnlySpan<Entry> Span => _entries.AsSpan(0, Count);

    public void Clear() => (Count, _word) = (0, 0);

    /// <summary>Adds a token of the present word; <paramref name="text"/> is null where the vocabulary tells it.</summary>
    public void Add(int id, int start, int end, string? text)
    {
        if (Count == _entries.Length)
        {
            Array.Resize(ref _entries, 2 * Count);
        }

        _entries[Count++] = new Entry(id, start, end, _word, text);
    }

    /// <summary>Goes on with the next word.</summary>
    public void EndWord() => _word++;

    /// <summary>A token of a text.</summary>
    public readonly record struct Entry(int Id, int Start, int End, int Word, string? Text);
}
