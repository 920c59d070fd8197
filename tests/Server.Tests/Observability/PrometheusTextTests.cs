using Serving.Server.Observability;

namespace Serving.Server.Tests.Observability;

public sealed class PrometheusTextTests
{
    [Fact]
    public void Write_Counter_IsWrittenAsTheFormatSays()
    {
        var text = PrometheusText.Write([new MetricFamily("a_total", MetricKind.Counter, "Things.", [Series(3, ("model", "m"), ("version", "1")), Series(0.5)])]);

        Assert.Equal("# HELP a_total Things.\n# TYPE a_total counter\na_total{model=\"m\",version=\"1\"} 3\na_total 0.5\n", text);
    }

    [Fact]
    public void Write_Histogram_HasBucketsSumAndCount()
    {
        var value = new HistogramValue([0.1, double.PositiveInfinity], [1, 3], 7.25);

        var text = PrometheusText.Write([new MetricFamily("h", MetricKind.Histogram, "H.", [new MetricSeries(Labels(("x", "y")), 0, value)])]);

        Assert.Equal(
            "# HELP h H.\n# TYPE h histogram\nh_bucket{x=\"y\",le=\"0.1\"} 1\nh_bucket{x=\"y\",le=\"+Inf\"} 3\nh_sum{x=\"y\"} 7.25\nh_count{x=\"y\"} 3\n", text);
    }

    [Theory]
    [InlineData("a\"b", "a\\\"b")]
    [InlineData("a\\b", "a\\\\b")]
    [InlineData("a\nb", "a\\nb")]
    [InlineData("Umlaut ä, {}=,", "Umlaut ä, {}=,")]
    public void Write_OddLabel_IsEscaped(string value, string expected)
    {
        var text = PrometheusText.Write([new MetricFamily("g", MetricKind.Gauge, "G.", [Series(1, ("l", value))])]);

        Assert.EndsWith($"g{{l=\"{expected}\"}} 1\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_OddHelp_IsEscapedWithoutQuotes() =>
        Assert.StartsWith("# HELP g a\\nb\\\\c\"d\"\n", PrometheusText.Write([new MetricFamily("g", MetricKind.Gauge, "a\nb\\c\"d\"", [])]), StringComparison.Ordinal);

    [Fact]
    public void Write_SameNameFromTwoMeters_HasOneHeading()
    {
        var text = PrometheusText.Write(
        [
            new MetricFamily("g", MetricKind.Gauge, "G.", [Series(1, ("a", "1"))]),
            new MetricFamily("other", MetricKind.Gauge, "O.", [Series(2)]),
            new MetricFamily("g", MetricKind.Gauge, "G.", [Series(3, ("a", "2"))]),
        ]);

        Assert.Equal("# HELP g G.\n# TYPE g gauge\ng{a=\"1\"} 1\ng{a=\"2\"} 3\n# HELP other O.\n# TYPE other gauge\nother 2\n", text);
    }

    [Theory]
    [InlineData(double.PositiveInfinity, "+Inf")]
    [InlineData(double.NegativeInfinity, "-Inf")]
    [InlineData(double.NaN, "NaN")]
    [InlineData(1e21, "1E+21")]
    [InlineData(123456789012, "123456789012")]
    public void Write_Number_IsReadableByPrometheus(double value, string expected) =>
        Assert.EndsWith($"g {expected}\n", PrometheusText.Write([new MetricFamily("g", MetricKind.Gauge, "G.", [Series(value)])]), StringComparison.Ordinal);

    [Theory]
    [InlineData("serving_requests", "{request}", "Counter", "serving_requests_total")]
    [InlineData("serving_queue_seconds", "s", "Histogram", "serving_queue_seconds")]
    [InlineData("http.server.request.duration", "s", "Histogram", "http_server_request_duration_seconds")]
    [InlineData("dotnet.gc.heap.total_allocated", "By", "Counter", "dotnet_gc_heap_total_allocated_bytes_total")]
    [InlineData("a_total", "", "Counter", "a_total")]
    [InlineData("1-odd", "1", "Gauge", "_1_odd")]
    public void Names_Metric_FollowOpenTelemetrysRules(string name, string unit, string kind, string expected) =>
        Assert.Equal(expected, PrometheusNames.Metric(name, unit, Enum.Parse<MetricKind>(kind)));

    private static MetricSeries Series(double value, params (string Name, string Value)[] labels) => new(Labels(labels), value);

    private static List<KeyValuePair<string, string>> Labels(params (string Name, string Value)[] labels) => [.. labels.Select(label => KeyValuePair.Create(label.Name, label.Value))];
}
