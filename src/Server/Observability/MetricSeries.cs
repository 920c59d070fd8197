namespace Serving.Server.Observability;

/// <summary>One line, or for a histogram one group of lines, of a scrape.</summary>
/// <param name="Labels">Names and values, as they will be written before escaping.</param>
/// <param name="Value">The value; for a histogram unused.</param>
/// <param name="Histogram">The buckets of a histogram.</param>
internal sealed record MetricSeries(IReadOnlyList<KeyValuePair<string, string>> Labels, double Value, HistogramValue? Histogram = null)
{
    /// <summary>The value of a label; empty where there is none of that name, which to Prometheus is the same.</summary>
    public string Label(string name)
    {
        foreach (var (key, value) in Labels)
        {
            if (key == name)
            {
                return value;
            }
        }

        return string.Empty;
    }
}
