namespace Serving.Runtime.Tokenization.Text;

/// <summary>Tokens with the range of the text that each stands for, in UTF-16 units.</summary>
internal sealed class TokenList
{
    private Token[] _tokens = new Token[128];

    public int Count { get; private set; }

    public Span<Token> Span => _tokens.AsSpan(0, Count);

    /// <summary>Drops what stands at <paramref name="count"/> and behind it.</summary>
    public void Truncate(int count) => Count = count;

    public void Add(int id, int start, int end)
    {
        Reserve(1);
        _tokens[Count++] = new Token(id, start, end);
    }

    public void AddRange(ReadOnlySpan<Token> tokens)
    {
        Reserve(tokens.Length);
        tokens.CopyTo(_tokens.AsSpan(Count));
        Count += tokens.Length;
    }

    private void Reserve(int more)
    {
        if (Count + more > _tokens.Length)
        {
            Array.Resize(ref _tokens, Math.Max(2 * Count, Count + more));
        }
    }
}
