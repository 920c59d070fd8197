using Serving.Runtime.Inference;

namespace Serving.Server.Observability;

/// <summary>Triton's metrics from ours, so that dashboards and autoscalers made for Triton go on working.</summary>
internal static class TritonAliases
{
    private const double MicrosecondsPerSecond = 1e6;

    public static IReadOnlyList<TritonAlias> Table { get; } =
    [
        new("nv_inference_request_success", MetricKind.Counter, "Number of successful inference requests.",
            "serving_requests_total", series => IsSuccess(series) ? series.Value : null),
        new("nv_inference_request_failure", MetricKind.Counter, "Number of failed inference requests, by reason.",
            "serving_requests_total", series => IsSuccess(series) ? null : series.Value, FailureReason),
        new("nv_inference_count", MetricKind.Counter, "Number of inferences performed: rows, not requests.",
            "serving_rows_total", series => series.Value),
        new("nv_inference_exec_count", MetricKind.Counter, "Number of model executions performed: batches.",
            "serving_executions_total", series => series.Value),
        Duration("nv_inference_request_duration_us", "Cumulative request duration in microseconds.", "serving_total_seconds"),
        Duration("nv_inference_queue_duration_us", "Cumulative queueing duration in microseconds.", "serving_queue_seconds"),
        Duration("nv_inference_compute_input_duration_us", "Cumulative duration of preparing inputs in microseconds.", "serving_input_seconds"),
        Duration("nv_inference_compute_infer_duration_us", "Cumulative duration of running the model in microseconds.", "serving_infer_seconds"),
        Duration("nv_inference_compute_output_duration_us", "Cumulative duration of preparing outputs in microseconds.", "serving_output_seconds"),
        new("nv_inference_pending_request_count", MetricKind.Gauge, "Number of requests waiting to be executed.",
            "serving_queue_rows", series => series.Value),
    ];

    /// <summary>Triton's four reasons. Triton counts a request that timed out in the queue as rejected.</summary>
    public static string FailureReason(string outcome) => outcome switch
    {
        nameof(InferenceError.Overloaded) or nameof(InferenceError.DeadlineExceeded) => "REJECTED",
        nameof(InferenceError.Cancelled) => "CANCELED",
        nameof(InferenceError.BackendFailed) => "BACKEND",
        _ => "OTHER",
    };

    /// <summary>The aliases of what was collected; one whose source was not yet recorded is left out.</summary>
    public static IEnumerable<MetricFamily> From(IReadOnlyList<MetricFamily> families)
    {
        foreach (var alias in Table)
        {
            var series = families
                .Where(family => family.Name == alias.Source)
                .SelectMany(family => family.Series)
                .Where(IsOfModel)
                .Select(source => (Labels: Labels(alias, source), Value: alias.Value(source)))
                .Where(source => source.Value is not null)
                .GroupBy(source => source.Labels, source => source.Value!.Value)
                .Select(same => new MetricSeries(Write(same.Key), same.Sum()))
                .ToList();
            if (series.Count > 0)
            {
                yield return new MetricFamily(alias.Name, alias.Kind, alias.Help, series);
            }
        }
    }

    private static TritonAlias Duration(string name, string help, string source) =>
        new(name, MetricKind.Counter, help, source, series => Math.Round((series.Histogram?.Sum ?? 0) * MicrosecondsPerSecond));

    private static bool IsSuccess(MetricSeries series) => series.Label("outcome") == "ok";

    private static string FailureReason(MetricSeries series) => FailureReason(series.Label("outcome"));

    /// <summary>Requests for models that do not exist have no model to be counted for.</summary>
    private static bool IsOfModel(MetricSeries series) => series.Label("model").Length > 0;

    private static (string Model, string Version, string? Reason) Labels(TritonAlias alias, MetricSeries source) =>
        (source.Label("model"), source.Label("version"), alias.Reason?.Invoke(source));

    private static List<KeyValuePair<string, string>> Write((string Model, string Version, string? Reason) labels)
    {
        var list = new List<KeyValuePair<string, string>> { KeyValuePair.Create("model", labels.Model) };
        if (labels.Reason is not null)
        {
            list.Add(KeyValuePair.Create("reason", labels.Reason));
        }

        list.Add(KeyValuePair.Create("version", labels.Version));
        return list;
    }
}
