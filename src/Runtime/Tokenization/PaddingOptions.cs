namespace Serving.Runtime.Tokenization;

/// <summary>Fills encodings up with a token that models are told to overlook.</summary>
public sealed record PaddingOptions
{
    /// <summary>The length to fill up to; null for that of the longest encoding of the batch.</summary>
    public int? Length { get; init; }

    /// <summary>A number that the length is rounded up to a multiple of; 0 for none.</summary>
    public int MultipleOf { get; init; }

    public TextSide Side { get; init; }

    public int Id { get; init; }

    public int TypeId { get; init; }

    public string Token { get; init; } = "[PAD]";
}
