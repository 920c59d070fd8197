using System.Globalization;

namespace Serving.Benchmarks.Rig;

/// <summary>Metrics as Prometheus reads them.</summary>
internal sealed class MetricsText(string text)
{
    /// <summary>The sum of a metric over its series.</summary>
    /// <param name="name">The metric.</param>
    /// <param name="label">Text that the series' labels contain.</param>
    public double Sum(string name, string label = "") => text.Split('\n')
        .Where(line => line.StartsWith(name + ' ', StringComparison.Ordinal) || line.StartsWith(name + '{', StringComparison.Ordinal))
        .Where(line => line.Contains(label, StringComparison.Ordinal))
        .Sum(line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
}
