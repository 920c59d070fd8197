namespace Serving.Runtime.Tokenization;

/// <summary>How a text is encoded. Those of a tokenizer's own file are <see cref="Tokenizer.Options"/>.</summary>
public sealed record EncodeOptions
{
    /// <summary>Whether the tokens that the model expects around a text are added.</summary>
    public bool AddSpecialTokens { get; init; } = true;

    public OffsetUnit Offsets { get; init; }

    /// <summary>Null for none.</summary>
    public TruncationOptions? Truncation { get; init; }

    /// <summary>Null for none.</summary>
    public PaddingOptions? Padding { get; init; }
}
