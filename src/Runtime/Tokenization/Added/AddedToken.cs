namespace Serving.Runtime.Tokenization.Added;

/// <summary>A token that is found in the text before the model sees it.</summary>
internal sealed record AddedToken
{
    public required string Content { get; init; }

    public required int Id { get; init; }

    /// <summary>Only where no word character stands beside it.</summary>
    public bool IsSingleWord { get; init; }

    /// <summary>Takes the spaces before it.</summary>
    public bool StripsLeft { get; init; }

    /// <summary>Takes the spaces behind it.</summary>
    public bool StripsRight { get; init; }

    /// <summary>Is looked for in the normalized text, normalized itself.</summary>
    public bool IsNormalized { get; init; }

    /// <summary>Is left out of decoded text where special tokens are.</summary>
    public bool IsSpecial { get; init; }
}
