using System.Globalization;
using System.Text;

namespace Serving.Server.Observability;

/// <summary>Writes metrics in Prometheus' text format 0.0.4.</summary>
internal static class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    public static string Write(IEnumerable<MetricFamily> families)
    {
        var text = new StringBuilder(16 * 1024);

        // Two meters may have a metric of one name; the format wants its lines together, under one heading.
        foreach (var same in families.GroupBy(family => family.Name, StringComparer.Ordinal))
        {
            var first = same.First();
            text.Append("# HELP ").Append(first.Name).Append(' ');
            Escape(text, first.Help, quotes: false);
            text.Append("\n# TYPE ").Append(first.Name).Append(' ').Append(TypeName(first.Kind)).Append('\n');
            foreach (var series in same.Where(family => family.Kind == first.Kind).SelectMany(family => family.Series))
            {
                WriteSeries(text, first.Name, series);
            }
        }

        return text.ToString();
    }

    private static void WriteSeries(StringBuilder text, string name, MetricSeries series)
    {
        if (series.Histogram is not { } histogram)
        {
            WriteSample(text, name, string.Empty, series.Labels, null, series.Value);
            return;
        }

        for (var i = 0; i < histogram.Bounds.Count; i++)
        {
            WriteSample(text, name, "_bucket", series.Labels, Number(histogram.Bounds[i]), histogram.Counts[i]);
        }

        WriteSample(text, name, "_sum", series.Labels, null, histogram.Sum);
        WriteSample(text, name, "_count", series.Labels, null, histogram.Count);
    }

    private static void WriteSample(
        StringBuilder text, string name, string suffix, IReadOnlyList<KeyValuePair<string, string>> labels, string? bound, double value)
    {
        text.Append(name).Append(suffix);
        var separator = '{';
        foreach (var (label, content) in labels)
        {
            text.Append(separator).Append(label).Append("=\"");
            Escape(text, content, quotes: true);
            text.Append('"');
            separator = ',';
        }

        if (bound is not null)
        {
            text.Append(separator).Append("le=\"").Append(bound).Append('"');
            separator = ',';
        }

        text.Append(separator == '{' ? " " : "} ").Append(Number(value)).Append('\n');
    }

    private static string Number(double value) =>
        double.IsPositiveInfinity(value) ? "+Inf"
        : double.IsNegativeInfinity(value) ? "-Inf"
        : double.IsNaN(value) ? "NaN"
        : value.ToString("R", CultureInfo.InvariantCulture);

    private static void Escape(StringBuilder text, string content, bool quotes)
    {
        foreach (var letter in content)
        {
            _ = letter switch
            {
                '\\' => text.Append("\\\\"),
                '\n' => text.Append("\\n"),
                '"' when quotes => text.Append("\\\""),
                _ => text.Append(letter),
            };
        }
    }

    private static string TypeName(MetricKind kind) => kind switch
    {
        MetricKind.Counter => "counter",
        MetricKind.Gauge => "gauge",
        _ => "histogram",
    };
}
