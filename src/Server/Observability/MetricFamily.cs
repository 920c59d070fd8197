namespace Serving.Server.Observability;

/// <summary>A metric as Prometheus sees it: a name, a type, a sentence and its series.</summary>
internal sealed record MetricFamily(string Name, MetricKind Kind, string Help, IReadOnlyList<MetricSeries> Series);
