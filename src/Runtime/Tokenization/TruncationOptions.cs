namespace Serving.Runtime.Tokenization;

/// <summary>Cuts what is longer than a model takes. What is cut off is in <see cref="TokenEncoding.Overflowing"/>.</summary>
public sealed record TruncationOptions
{
    /// <summary>The most tokens, special ones included.</summary>
    public required int MaxLength { get; init; }

    /// <summary>How many tokens a part repeats of the part before it; less than the room for the text's own tokens.</summary>
    public int Stride { get; init; }

    public TruncationStrategy Strategy { get; init; }

    /// <summary>Which end of the text is cut off.</summary>
    public TextSide Side { get; init; }
}
