using System.Diagnostics.Metrics;
using OpenTelemetry.Metrics;

namespace Serving.Server.Observability;

/// <summary>The bounds of all histograms, in one place, so that any two can be compared.</summary>
internal static class Buckets
{
    private const double Shortest = 50e-6;
    private const double Longest = 60;

    /// <summary>Doubling from 50 us, below the shortest request over loopback, to a minute; 21 bounds keep a model's five histograms near a hundred series.</summary>
    public static double[] Seconds { get; } = [.. Doubling(Shortest, Longest), Longest];

    /// <summary>Powers of two, as batches grow, up to beyond any that is formed by default.</summary>
    public static double[] Rows { get; } = [.. Doubling(1, 2048)];

    /// <summary>The view for an instrument; null where it is not a histogram of ours or of durations.</summary>
    public static MetricStreamConfiguration? For(Instrument instrument)
    {
        var isHistogram = instrument is Histogram<double> or Histogram<int> or Histogram<long>;
        return !isHistogram ? null
            : instrument.Unit == "s" ? new ExplicitBucketHistogramConfiguration { Boundaries = Seconds }
            : instrument.Unit == "{row}" ? new ExplicitBucketHistogramConfiguration { Boundaries = Rows }
            : null;
    }

    private static IEnumerable<double> Doubling(double first, double below)
    {
        for (var bound = first; bound < below; bound *= 2)
        {
            yield return Math.Round(bound, 6);
        }
    }
}
