namespace Serving.Server.Observability;

/// <summary>How one of Triton's metrics is made from one of ours.</summary>
/// <param name="Name">Triton's name.</param>
/// <param name="Kind">Triton's type.</param>
/// <param name="Help">Triton's meaning.</param>
/// <param name="Source">Our metric.</param>
/// <param name="Value">The value of one of our series; null where the series does not count.</param>
/// <param name="Reason">The value of the label <c>reason</c>; null where Triton's metric has none.</param>
internal sealed record TritonAlias(
    string Name, MetricKind Kind, string Help, string Source, Func<MetricSeries, double?> Value, Func<MetricSeries, string>? Reason = null);
