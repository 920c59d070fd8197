namespace Serving.Server.Observability;

/// <summary>The types of metric that Prometheus' text format knows and the server has.</summary>
internal enum MetricKind : byte
{
    Counter,
    Gauge,
    Histogram,
}
