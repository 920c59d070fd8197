namespace Serving.Runtime.Tokenization.Models;

/// <summary>How a BPE model cuts a word into its first symbols, and what it does with those it does not know.</summary>
internal sealed record BpeOptions
{
    /// <summary>The token for unknown characters; without one they are left out.</summary>
    public string? Unknown { get; init; }

    /// <summary>What stands before each symbol but a word's first.</summary>
    public string ContinuingPrefix { get; init; } = "";

    /// <summary>What stands behind a word's last symbol.</summary>
    public string EndSuffix { get; init; } = "";

    /// <summary>Whether neighbouring unknown characters are one token.</summary>
    public bool FusesUnknown { get; init; }

    /// <summary>Whether unknown characters become the tokens of their bytes, where all of them are there.</summary>
    public bool HasByteFallback { get; init; }

    /// <summary>Whether a word that is a token is not merged.</summary>
    public bool IgnoresMerges { get; init; }

    /// <summary>Whether pieces are given as they are and are to be read in GPT-2's alphabet of bytes.</summary>
    public bool ReadsBytes { get; init; }
}
