namespace Serving.Server.Observability;

/// <summary>A histogram's state.</summary>
/// <param name="Bounds">The upper bound of each bucket; the last is infinite.</param>
/// <param name="Counts">How many values lie at or below each bound.</param>
/// <param name="Sum">The sum of all values.</param>
internal sealed record HistogramValue(IReadOnlyList<double> Bounds, IReadOnlyList<long> Counts, double Sum)
{
    public long Count => Counts.Count == 0 ? 0 : Counts[^1];
}
