using System.Globalization;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Serving.Server.Observability;

/// <summary>Turns what OpenTelemetry collects into <see cref="MetricFamily"/>, when a scrape asks for it.</summary>
[ExportModes(ExportModes.Pull)]
internal sealed class PrometheusExporter : BaseExporter<Metric>, IPullMetricExporter
{
    private readonly Lock _collecting = new();
    private List<MetricFamily> _families = [];

    public Func<int, bool>? Collect { get; set; }

    /// <summary>All metrics as of now. One scrape at a time: OpenTelemetry collects into the same points.</summary>
    public IReadOnlyList<MetricFamily> Scrape()
    {
        lock (_collecting)
        {
            _families = [];
            Collect?.Invoke(Timeout.Infinite);
            return _families;
        }
    }

    public override ExportResult Export(in Batch<Metric> batch)
    {
        foreach (var metric in batch)
        {
            _families.Add(Convert(metric));
        }

        return ExportResult.Success;
    }

    private static MetricFamily Convert(Metric metric)
    {
        var kind = metric.MetricType switch
        {
            MetricType.LongSum or MetricType.DoubleSum => MetricKind.Counter,
            MetricType.Histogram => MetricKind.Histogram,
            _ => MetricKind.Gauge,
        };
        var series = new List<MetricSeries>();
        foreach (ref readonly var point in metric.GetMetricPoints())
        {
            var labels = ReadLabels(point.Tags);
            series.Add(kind == MetricKind.Histogram
                ? new MetricSeries(labels, 0, ReadHistogram(in point))
                : new MetricSeries(labels, ReadValue(metric.MetricType, in point)));
        }

        return new MetricFamily(PrometheusNames.Metric(metric.Name, metric.Unit, kind), kind, metric.Description, series);
    }

    private static double ReadValue(MetricType type, in MetricPoint point) => type switch
    {
        MetricType.LongSum or MetricType.LongSumNonMonotonic => point.GetSumLong(),
        MetricType.DoubleSum or MetricType.DoubleSumNonMonotonic => point.GetSumDouble(),
        MetricType.LongGauge => point.GetGaugeLastValueLong(),
        MetricType.DoubleGauge => point.GetGaugeLastValueDouble(),
        _ => throw new NotSupportedException($"a metric of type {type} has no single value"),
    };

    private static HistogramValue ReadHistogram(in MetricPoint point)
    {
        var bounds = new List<double>();
        var counts = new List<long>();
        var total = 0L;
        foreach (var bucket in point.GetHistogramBuckets())
        {
            total += bucket.BucketCount;
            bounds.Add(bucket.ExplicitBound);
            counts.Add(total);
        }

        return new HistogramValue(bounds, counts, point.GetHistogramSum());
    }

    private static List<KeyValuePair<string, string>> ReadLabels(ReadOnlyTagCollection tags)
    {
        var labels = new List<KeyValuePair<string, string>>(tags.Count);
        foreach (var (name, value) in tags)
        {
            var text = value is bool flag ? (flag ? "true" : "false") : System.Convert.ToString(value, CultureInfo.InvariantCulture);
            labels.Add(KeyValuePair.Create(PrometheusNames.Label(name), text ?? string.Empty));
        }

        return labels;
    }
}
