using Serving.Runtime.Tokenization.Added;
using Serving.Runtime.Tokenization.Patterns;

namespace Serving.Runtime.Tokenization.Text;

/// <summary>What one thread needs to tokenize texts, kept for the next one.</summary>
internal sealed class Workspace
{
    private PieceList _next = new();

    /// <summary>The part of the text that is being normalized and split.</summary>
    public NormalizedText Text { get; private set; } = new();

    /// <summary>A normalized text whose parts between added tokens are split one by one.</summary>
    public NormalizedText Source { get; private set; } = new();

    /// <summary>The pieces it is split into so far.</summary>
    public PieceList Pieces { get; private set; } = new();

    public PatternMachine Machine { get; } = new();

    /// <summary>Tokens of one piece, as the model gives them.</summary>
    public TokenList PieceTokens { get; } = new();

    /// <summary>The tokens of the whole text.</summary>
    public TextTokens Tokens { get; } = new();

    /// <summary>Added tokens that were found in the text, and in its normalized part.</summary>
    public (List<AddedMatch> Plain, List<AddedMatch> Normalized) Added { get; } = ([], []);

    /// <summary>Where a step writes the pieces that take the place of those before it; to be followed by <see cref="TakeNext"/>.</summary>
    public PieceList BeginNext()
    {
        _next.Clear();
        return _next;
    }

    /// <summary>Makes what was written since <see cref="BeginNext"/> the pieces.</summary>
    public void TakeNext() => (Pieces, _next) = (_next, Pieces);

    /// <summary>Makes the text the one whose parts are split.</summary>
    public void KeepAsSource() => (Text, Source) = (Source, Text);
}
