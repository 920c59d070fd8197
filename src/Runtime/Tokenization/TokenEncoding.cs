using Serving.Runtime.Tokenization.PostProcessors;

namespace Serving.Runtime.Tokenization;

/// <summary>A text, or a pair of texts, as a model reads it. All lists have the length <see cref="Length"/>.</summary>
public sealed class TokenEncoding
{
    private readonly EncodingData _data;
    private readonly Func<int, string> _tokenOf;
    private string[]? _tokens;

    internal TokenEncoding(EncodingData data, Func<int, string> tokenOf)
    {
        _data = data;
        _tokenOf = tokenOf;
        Overflowing = data.Overflowing.Count == 0 ? [] : [.. data.Overflowing.Select(o => new TokenEncoding(o, tokenOf))];
    }

    /// <summary>How many tokens there are, special ones and padding included.</summary>
    public int Length => _data.Length;

    public ReadOnlySpan<int> Ids => _data.Ids;

    /// <summary>Which segment each token belongs to, as the model counts them.</summary>
    public ReadOnlySpan<int> TypeIds => _data.TypeIds;

    /// <summary>1 for tokens that count, 0 for padding.</summary>
    public ReadOnlySpan<int> AttentionMask => _data.AttentionMask;

    /// <summary>1 for tokens that are not of the text: added around it, or padding.</summary>
    public ReadOnlySpan<int> SpecialTokensMask => _data.SpecialTokensMask;

    /// <summary>Which word of its text each token is of, counted from 0; -1 for special tokens and padding.</summary>
    public ReadOnlySpan<int> WordIds => _data.WordIds;

    /// <summary>Which text each token is of: 0, or 1 for the second of a pair; -1 for special tokens and padding.</summary>
    public ReadOnlySpan<int> SequenceIds => _data.SequenceIds;

    /// <summary>The range of its text that each token stands for, in the unit that was asked for; (0, 0) for special tokens and padding.</summary>
    public ReadOnlySpan<(int Start, int End)> Offsets => _data.Offsets;

    /// <summary>The tokens' texts.</summary>
    public IReadOnlyList<string> Tokens => _tokens ??= MakeTokens();

    /// <summary>The parts that truncation cut off, each as long as allowed, the first one after what this encoding holds.</summary>
    public IReadOnlyList<TokenEncoding> Overflowing { get; }

    private string[] MakeTokens()
    {
        var tokens = new string[Length];
        for (var i = 0; i < tokens.Length; i++)
        {
            tokens[i] = _data.Texts?[i] ?? _tokenOf(_data.Ids[i]);
        }

        return tokens;
    }
}
