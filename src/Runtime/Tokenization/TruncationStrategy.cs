namespace Serving.Runtime.Tokenization;

/// <summary>Which text of a pair gives way.</summary>
public enum TruncationStrategy
{
    /// <summary>The longer one until both are equally long, then both.</summary>
    LongestFirst,

    OnlyFirst,

    OnlySecond,
}
