namespace Serving.Runtime.Tokenization;

/// <summary>What a tokenizer refuses.</summary>
internal static class TokenizationLimits
{
    /// <summary>The largest tokenizer.json, in bytes. The largest known, of a vocabulary of 262,144, has 33 MB.</summary>
    public const int FileSize = 256 << 20;

    /// <summary>The longest text, in UTF-16 units. Arbitrary: a thousand times what the models of the catalogue read.</summary>
    public const int TextLength = 1 << 22;

    /// <summary>The most parts that one encoding is cut into. Pairs have as many as their texts' multiplied. Arbitrary.</summary>
    public const int Parts = 10_000;

    /// <summary>The longest that an encoding is padded to. Arbitrary; bounds what a client can ask for.</summary>
    public const int PaddedLength = 1 << 20;
}
