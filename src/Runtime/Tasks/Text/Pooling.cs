namespace Serving.Runtime.Tasks.Text;

/// <summary>How the vectors of tokens become that of a text.</summary>
internal enum Pooling
{
    /// <summary>The graph has done it.</summary>
    None,

    /// <summary>The first token's.</summary>
    Cls,

    /// <summary>The average.</summary>
    Mean,

    /// <summary>The largest of each dimension.</summary>
    Max,

    /// <summary>The sum over the root of the number of tokens.</summary>
    MeanSqrtLength,

    /// <summary>The average, later tokens counting more: the i-th i times.</summary>
    WeightedMean,

    /// <summary>The last token's.</summary>
    LastToken,
}
