using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Serving.Runtime.Diagnostics;
using Serving.Runtime.Inference;
using Serving.Runtime.Models;
using Serving.TestKit;
using Serving.TestKit.Servers;
using Serving.TestKit.Source;

namespace Serving.Server.Tests.Observability;

/// <summary>What a scrape of the real server says, name by name and label by label.</summary>
[Collection(MetricsCollection.Name)]
public sealed class MetricsTests
{
    private static readonly (string, string)[] Labels = [("model", "iris"), ("version", "3")];

    [Fact]
    public async Task Scrape_AfterEveryEvent_IsWhatTheDocumentSays()
    {
        await using var server = await RunningServer.StartAsync(_ => { }, app => app.MapGet("/test", () => "x"));
        RecordEverything(server);
        await server.Http.GetStringAsync("/test");

        var metrics = ScrapedMetric.Parse(await server.ScrapeAsync());

        var own = metrics.Values.Where(metric => metric.Name.StartsWith("serving_", StringComparison.Ordinal)).Select(metric => $"{metric.Name} {metric.Type} ({metric.LabelNames}) {metric.Help}");
        var documented = Document("Metric").Select(cells => $"{cells[0]} {cells[1]} ({Sorted(cells[3])}) {cells[4]}");
        Assert.Equal(documented.Order(StringComparer.Ordinal), own.Order(StringComparer.Ordinal));

        var aliases = metrics.Values.Where(metric => metric.Name.StartsWith("nv_", StringComparison.Ordinal)).Select(metric => $"{metric.Name} {metric.Type} ({metric.LabelNames})");
        Assert.Equal(Document("Triton's metric").Select(cells => $"{cells[0]} {cells[1]} ({Sorted(cells[2])})").Order(StringComparer.Ordinal), aliases.Order(StringComparer.Ordinal));

        var others = metrics.Keys.Where(name => !name.StartsWith("serving_", StringComparison.Ordinal) && !name.StartsWith("nv_", StringComparison.Ordinal));
        Assert.Empty(others.Except(Document("Metric of the platform").Select(cells => cells[0])));
        Assert.Contains("http_server_request_duration_seconds", metrics.Keys);
        Assert.Contains("dotnet_process_memory_working_set_bytes", metrics.Keys);
        Assert.Contains("dotnet_thread_pool_thread_count", metrics.Keys);
    }

    [Fact]
    public async Task Scrape_AfterEveryEvent_HasTheirValues()
    {
        await using var server = await RunningServer.StartAsync();
        RecordEverything(server);

        var metrics = ScrapedMetric.Parse(await server.ScrapeAsync());

        Assert.Equal(2, metrics["serving_requests_total"].Value("", [.. Labels, ("outcome", "ok")]));
        Assert.Equal(1, metrics["serving_requests_total"].Value("", [.. Labels, ("outcome", "Overloaded")]));
        Assert.Equal(1, metrics["serving_requests_total"].Value("", ("model", ""), ("version", ""), ("outcome", "NotFound")));
        Assert.Equal(5, metrics["serving_rows_total"].Value("", Labels));
        Assert.Equal(1, metrics["serving_executions_total"].Value("", Labels));
        Assert.Equal(1, metrics["serving_batch_rows"].Value("_bucket", [.. Labels, ("le", "8")]));
        Assert.Equal(0, metrics["serving_batch_rows"].Value("_bucket", [.. Labels, ("le", "4")]));
        Assert.Equal(0.010, metrics["serving_total_seconds"].Value("_sum", Labels), 9);
        Assert.Equal(2, metrics["serving_total_seconds"].Value("_count", Labels));
        Assert.Equal(2, metrics["serving_total_seconds"].Value("_bucket", [.. Labels, ("le", "0.0064")]));
        Assert.Equal(0, metrics["serving_total_seconds"].Value("_bucket", [.. Labels, ("le", "0.0032")]));
        Assert.Equal(1, metrics["serving_load_seconds"].Value("_count", [.. Labels, ("succeeded", "true")]));
        Assert.Equal(1, metrics["serving_load_seconds"].Value("_count", [.. Labels, ("succeeded", "false")]));
        Assert.Equal(11, metrics["serving_queue_rows"].Value("", Labels));
        Assert.Equal(4.5, metrics["serving_run_seconds_total"].Value("", Labels));
        Assert.Equal(4, metrics["serving_run_predicted_seconds_total"].Value("", Labels));
        Assert.Equal(0.75, metrics["serving_run_missed_seconds_total"].Value("", Labels));
        Assert.Equal(1.25, metrics["serving_run_cost_spread"].Value("", Labels));
        Assert.Equal(7, metrics["serving_cache_hits_total"].Value("", Labels));
        Assert.Equal(8, metrics["serving_cache_misses_total"].Value("", Labels));
        Assert.Equal(900, metrics["serving_cache_bytes"].Value("", Labels));
        Assert.Equal(2, metrics["nv_inference_request_success"].Value("", Labels));
        Assert.Equal(1, metrics["nv_inference_request_failure"].Value("", [.. Labels, ("reason", "REJECTED")]));
        Assert.Equal(5, metrics["nv_inference_count"].Value("", Labels));
        Assert.Equal(1, metrics["nv_inference_exec_count"].Value("", Labels));
        Assert.Equal(10_000, metrics["nv_inference_request_duration_us"].Value("", Labels));
        Assert.Equal(2_000, metrics["nv_inference_queue_duration_us"].Value("", Labels));
        Assert.Equal(400, metrics["nv_inference_compute_input_duration_us"].Value("", Labels));
        Assert.Equal(6_000, metrics["nv_inference_compute_infer_duration_us"].Value("", Labels));
        Assert.Equal(200, metrics["nv_inference_compute_output_duration_us"].Value("", Labels));
        Assert.Equal(11, metrics["nv_inference_pending_request_count"].Value("", Labels));
    }

    [Fact]
    public async Task Scrape_Concurrently_AnswersEveryoneInFull()
    {
        await using var server = await RunningServer.StartAsync();
        RecordEverything(server);

        var scrapes = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => server.ScrapeAsync())).WaitAsync(TimeSpan.FromSeconds(30));

        Assert.All(scrapes, scrape => Assert.Equal(2, ScrapedMetric.Parse(scrape)["serving_requests_total"].Value("", [.. Labels, ("outcome", "ok")])));
    }

    [Fact]
    public async Task Scrape_ManyBuckets_NeverDecrease()
    {
        await using var server = await RunningServer.StartAsync();
        RecordEverything(server);

        var histograms = ScrapedMetric.Parse(await server.ScrapeAsync()).Values.Where(metric => metric.Type == "histogram");

        Assert.All(histograms, histogram =>
        {
            var series = histogram.Samples
                .Where(sample => sample.Suffix == "_bucket")
                .GroupBy(sample => string.Join(',', sample.Labels.Where(label => label.Key != "le").Select(label => $"{label.Key}={label.Value}")));
            Assert.All(series, buckets => Assert.Equal(buckets.Select(bucket => bucket.Value).Order(), buckets.Select(bucket => bucket.Value)));
            Assert.All(series, buckets => Assert.Equal("+Inf", buckets.Last().Labels["le"]));
        });
    }

    [Fact]
    public void Document_States_AreThoseOfTheCode() =>
        Assert.Equal(Enum.GetNames<ModelState>(), Document("State").Select(cells => cells[0]));

    [Fact]
    public async Task Scrape_RealModel_HasItsStateAndNoOtherLabels()
    {
        var (name, folder) = Zoo.Models.OrderBy(model => model.Key).First();
        await using var server = await RunningServer.StartAsync(options =>
        {
            options.Repository.Add(folder);
            options.ModelName = name;
        });

        var metrics = ScrapedMetric.Parse(await server.ScrapeAsync());

        Assert.Equal(1, metrics["serving_model_state"].Value("", ("model", name), ("version", "1"), ("state", "Ready"), ("provider", "cpu")));
        Assert.Equal("model, provider, state, version", metrics["serving_model_state"].LabelNames);
        Assert.Equal(0, metrics["serving_queue_rows"].Value("", ("model", name), ("version", "1")));
        Assert.Equal(1, metrics["serving_load_seconds"].Value("_count", ("model", name), ("version", "1"), ("succeeded", "true")));
    }

    private static void RecordEverything(RunningServer server)
    {
        var metrics = new EngineMetrics(server.Services.GetRequiredService<IMeterFactory>());
        var tags = Labels.Select(label => KeyValuePair.Create(label.Item1, (object?)label.Item2)).ToArray();
        var stages = new StageTimes(Milliseconds(1), Milliseconds(0.2), Milliseconds(3), Milliseconds(0.1), Milliseconds(5));
        metrics.Observe(
            () => [new Measurement<long>(11, tags)],
            () => [new Measurement<int>(1, [.. tags, KeyValuePair.Create("state", (object?)"Ready"), KeyValuePair.Create("provider", (object?)"cpu")])]);
        metrics.ObserveCosts(
            () => [new Measurement<double>(4.5, tags)], () => [new Measurement<double>(4, tags)], () => [new Measurement<double>(0.75, tags)], () => [new Measurement<double>(1.25, tags)]);
        metrics.ObserveCaches(
            () => [new Measurement<long>(7, tags)], () => [new Measurement<long>(8, tags)], () => [new Measurement<long>(900, tags)]);
        metrics.RequestSucceeded("iris", "3", 2, stages);
        metrics.RequestSucceeded("iris", "3", 3, stages);
        metrics.RequestFailed("iris", "3", InferenceError.Overloaded);
        metrics.RequestFailed("", "", InferenceError.NotFound);
        metrics.Refused("iris", "3", "queue_full");
        metrics.Executed("iris", "3", 5);
        metrics.Loaded("iris", "3", succeeded: true, TimeSpan.FromSeconds(1));
        metrics.Loaded("iris", "3", succeeded: false, TimeSpan.FromSeconds(1));
        metrics.TakenOut("iris", "3");
    }

    private static TimeSpan Milliseconds(double count) => TimeSpan.FromMilliseconds(count);

    private static IReadOnlyList<string[]> Document(string heading) => MarkdownTable.Read(SourceTree.Read("docs/metrics.md"), heading);

    private static string Sorted(string names) => string.Join(", ", names.Split(", ", StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal));
}
