using System.Text;

namespace Serving.Server.Observability;

/// <summary>Prometheus' names for OpenTelemetry's metrics and labels, by the rules that OpenTelemetry's own exporters follow.</summary>
internal static class PrometheusNames
{
    /// <summary>Legal letters, the unit at the end unless it is there, and for a counter <c>_total</c>.</summary>
    public static string Metric(string name, string unit, MetricKind kind)
    {
        var text = Legal(name);
        var suffix = UnitSuffix(unit);
        if (suffix.Length > 0 && !text.EndsWith("_" + suffix, StringComparison.Ordinal))
        {
            text += "_" + suffix;
        }

        return kind == MetricKind.Counter && !text.EndsWith("_total", StringComparison.Ordinal) ? text + "_total" : text;
    }

    public static string Label(string name) => Legal(name);

    /// <summary>Units in braces only say what is counted and are left out; others are the codes of UCUM.</summary>
    private static string UnitSuffix(string unit) => unit switch
    {
        "s" => "seconds",
        "ms" => "milliseconds",
        "By" => "bytes",
        _ => string.Empty,
    };

    private static string Legal(string name)
    {
        var text = new StringBuilder(name.Length);
        foreach (var letter in name)
        {
            var legal = char.IsAsciiLetterOrDigit(letter) || letter == '_';
            text.Append(legal ? letter : '_');
        }

        return text.Length > 0 && char.IsAsciiDigit(text[0]) ? "_" + text : text.ToString();
    }
}
