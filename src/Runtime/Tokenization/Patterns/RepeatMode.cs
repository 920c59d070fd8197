namespace Serving.Runtime.Tokenization.Patterns;

/// <summary>How many repetitions are tried first, and whether others are tried.</summary>
internal enum RepeatMode
{
    Greedy,
    Lazy,
    Possessive,
}
