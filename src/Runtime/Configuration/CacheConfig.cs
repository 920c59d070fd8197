namespace Serving.Runtime.Configuration;

/// <summary>Whether a model's answers are kept for those who ask the same again.</summary>
/// <param name="MaxBytes">The most memory that rows and their answers may take.</param>
public sealed record CacheConfig(long MaxBytes)
{
    /// <summary>What a cache takes where nobody says. Arbitrary: some hundred thousand vectors.</summary>
    public const long DefaultBytes = 256L * 1024 * 1024;
}
