using Serving.Runtime.Inference;
using Serving.Server.Observability;
using Serving.TestKit.Source;

namespace Serving.Server.Tests.Observability;

public sealed class TritonAliasesTests
{
    [Fact]
    public void From_Failures_AreSummedByReason()
    {
        var families = TritonAliases.From(
        [
            new MetricFamily("serving_requests_total", MetricKind.Counter, "", [
                Requests(7, "m", "ok"), Requests(1, "m", "Overloaded"), Requests(2, "m", "DeadlineExceeded"), Requests(4, "m", "InvalidInput"), Requests(9, "", "NotFound")]),
        ]).ToDictionary(family => family.Name);

        Assert.Equal(["nv_inference_request_failure", "nv_inference_request_success"], families.Keys.Order());
        Assert.Equal(7, Assert.Single(families["nv_inference_request_success"].Series).Value);
        Assert.Equal(
            [("REJECTED", 3), ("OTHER", 4)],
            families["nv_inference_request_failure"].Series.Select(series => (series.Label("reason"), series.Value)));
    }

    [Fact]
    public void From_Histogram_BecomesWholeMicroseconds()
    {
        var total = new MetricSeries([KeyValuePair.Create("model", "m"), KeyValuePair.Create("version", "2")], 0, new HistogramValue([1], [3], 0.0012345));

        var alias = Assert.Single(TritonAliases.From([new MetricFamily("serving_total_seconds", MetricKind.Histogram, "", [total])]));

        Assert.Equal(("nv_inference_request_duration_us", MetricKind.Counter), (alias.Name, alias.Kind));
        var series = Assert.Single(alias.Series);
        Assert.Equal(("m", "2", 1234), (series.Label("model"), series.Label("version"), Math.Floor(series.Value)));
    }

    [Fact]
    public void From_NothingRecorded_HasNothing() => Assert.Empty(TritonAliases.From([]));

    [Fact]
    public void Document_Reasons_AreThoseOfTheCode()
    {
        var rows = MarkdownTable.Read(SourceTree.Read("docs/metrics.md"), "Outcome");

        var expected = Enum.GetNames<InferenceError>().Select(error => (error, TritonAliases.FailureReason(error)));
        Assert.Equal([("ok", ""), .. expected], rows.Select(cells => (cells[0], cells[1])));
    }

    [Fact]
    public void Document_Sources_AreThoseOfTheCode()
    {
        var rows = MarkdownTable.Read(SourceTree.Read("docs/metrics.md"), "Triton's metric");

        Assert.Equal(TritonAliases.Table.Select(alias => (alias.Name, alias.Source)), rows.Select(cells => (cells[0], cells[3])));
    }

    private static MetricSeries Requests(double value, string model, string outcome) =>
        new([KeyValuePair.Create("model", model), KeyValuePair.Create("version", "1"), KeyValuePair.Create("outcome", outcome)], value);
}
