namespace Serving.Runtime.Statistics;

/// <summary>The runs of a graph with one number of rows.</summary>
/// <param name="Rows">The rows of each run.</param>
/// <param name="Input">Copying the rows together.</param>
/// <param name="Infer">The runs.</param>
/// <param name="Output">Cutting the answers out.</param>
public sealed record BatchStatistics(int Rows, DurationTotal Input, DurationTotal Infer, DurationTotal Output)
{
    /// <summary>How many runs there were.</summary>
    public long Runs => Infer.Count;
}
