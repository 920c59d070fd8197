namespace Serving.Runtime.Tokenization.Models;

/// <summary>Tokens and their ids.</summary>
internal sealed class Vocabulary
{
    private readonly Dictionary<string, int> _ids;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _spans;
    private readonly Dictionary<int, string> _tokens;

    /// <summary>Makes a vocabulary; <paramref name="count"/> is given where ids are more than tokens, because some are there twice.</summary>
    public Vocabulary(Dictionary<string, int> ids, int? count = null)
    {
        Count = count ?? ids.Count;
        _ids = ids;
        _spans = ids.GetAlternateLookup<ReadOnlySpan<char>>();
        _tokens = new Dictionary<int, string>(ids.Count);
        foreach (var (token, id) in ids)
        {
            _tokens[id] = token;
            Longest = Math.Max(Longest, token.Length);
        }
    }

    /// <summary>How many tokens there are: the first id that is free.</summary>
    public int Count { get; }

    /// <summary>The longest token's length, in UTF-16 units.</summary>
    public int Longest { get; }

    /// <summary>All tokens with their ids.</summary>
    public IReadOnlyDictionary<string, int> Ids => _ids;

    /// <summary>A token's id; -1 where there is no such token.</summary>
    public int Find(ReadOnlySpan<char> token) => _spans.TryGetValue(token, out var id) ? id : -1;

    /// <summary>The token of an id; null where there is none.</summary>
    public string? TokenOf(int id) => _tokens.GetValueOrDefault(id);

    /// <summary>The ids of SentencePiece's tokens for single bytes, such as &lt;0x0A&gt;; -1 where one is missing.</summary>
    public int[] FindBytes() => [.. Enumerable.Range(0, 256).Select(b => Find($"<0x{b:X2}>"))];
}
