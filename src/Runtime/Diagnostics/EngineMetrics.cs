using System.Diagnostics;
using System.Diagnostics.Metrics;
using Serving.Runtime.Inference;

namespace Serving.Runtime.Diagnostics;

/// <summary>The engine's instruments. Methods are events; what they count is documented in docs/metrics.md, which a test holds to this.</summary>
public sealed class EngineMetrics
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "Serving.Engine";

    private const string ModelTag = "model";
    private const string VersionTag = "version";

    private readonly Counter<long> _requests;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _rows;
    private readonly Counter<long> _executions;
    private readonly Histogram<double> _queue;
    private readonly Histogram<double> _input;
    private readonly Histogram<double> _infer;
    private readonly Histogram<double> _output;
    private readonly Histogram<double> _total;
    private readonly Histogram<int> _batchRows;
    private readonly Histogram<double> _load;
    private readonly Counter<long> _takenOut;
    private readonly Meter _meter;

    public EngineMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(MeterName);
        _requests = _meter.CreateCounter<long>("serving_requests", "{request}", "Requests answered, by outcome: ok or the name of the failure.");
        _refused = _meter.CreateCounter<long>("serving_refused", "{request}", "Requests that a queue did not let in, or let go without running them.");
        _rows = _meter.CreateCounter<long>("serving_rows", "{row}", "Rows inferred successfully.");
        _executions = _meter.CreateCounter<long>("serving_executions", "{run}", "Runs of the graph.");
        _queue = Seconds("serving_queue_seconds", "From acceptance until the batch was formed.");
        _input = Seconds("serving_input_seconds", "Copying rows into the batch.");
        _infer = Seconds("serving_infer_seconds", "The run of the graph.");
        _output = Seconds("serving_output_seconds", "Slicing the outputs.");
        _total = Seconds("serving_total_seconds", "From the request's first byte until its answer could be written.");
        _batchRows = _meter.CreateHistogram<int>("serving_batch_rows", "{row}", "Rows in each run of the graph.");
        _load = _meter.CreateHistogram<double>("serving_load_seconds", "s", "Loading, probing and warming a model version.");
        _takenOut = _meter.CreateCounter<long>("serving_model_taken_out", "{time}", "Times that a model version was taken out of service because its runs failed.");
    }

    /// <summary>Registers what is read when metrics are collected: rows waiting and model states.</summary>
    public void Observe(Func<IEnumerable<Measurement<long>>> queuedRows, Func<IEnumerable<Measurement<int>>> modelStates)
    {
        _meter.CreateObservableGauge("serving_queue_rows", queuedRows, "{row}", "Rows waiting for a batch.");
        _meter.CreateObservableGauge("serving_model_state", modelStates, "{state}", "1 for the state that a model version is in, with its provider.");
    }

    /// <summary>Registers what is read of the learned costs when metrics are collected: sums of seconds, and the spread.</summary>
    public void ObserveCosts(
        Func<IEnumerable<Measurement<double>>> measured,
        Func<IEnumerable<Measurement<double>>> predicted,
        Func<IEnumerable<Measurement<double>>> missed,
        Func<IEnumerable<Measurement<double>>> spread)
    {
        _meter.CreateObservableCounter("serving_run_seconds", measured, "s", "What runs of the graph took, those whose size had been seen.");
        _meter.CreateObservableCounter("serving_run_predicted_seconds", predicted, "s", "What the same runs were expected to take.");
        _meter.CreateObservableCounter("serving_run_missed_seconds", missed, "s", "By how much each of them was shorter or longer than expected.");
        _meter.CreateObservableGauge("serving_run_cost_spread", spread, null, "The 99th percentile of measured over predicted time of a run, at least 1.");
    }

    /// <summary>Registers what is read of the caches when metrics are collected.</summary>
    public void ObserveCaches(Func<IEnumerable<Measurement<long>>> hits, Func<IEnumerable<Measurement<long>>> misses, Func<IEnumerable<Measurement<long>>> bytes)
    {
        _meter.CreateObservableCounter("serving_cache_hits", hits, "{row}", "Rows answered from a model's cache.");
        _meter.CreateObservableCounter("serving_cache_misses", misses, "{row}", "Rows looked up in a model's cache that had to be run.");
        _meter.CreateObservableGauge("serving_cache_bytes", bytes, "By", "What a model's cache takes.");
    }

    /// <summary>A request to a known model version was answered.</summary>
    public void RequestSucceeded(string model, string version, int rows, in StageTimes stages)
    {
        var tags = new TagList { { ModelTag, model }, { VersionTag, version } };
        _rows.Add(rows, tags);
        _queue.Record(stages.Queue.TotalSeconds, tags);
        _input.Record(stages.Input.TotalSeconds, tags);
        _infer.Record(stages.Infer.TotalSeconds, tags);
        _output.Record(stages.Output.TotalSeconds, tags);
        _total.Record(stages.Total.TotalSeconds, tags);
        tags.Add("outcome", "ok");
        _requests.Add(1, tags);
    }

    /// <summary>A request failed. For an unknown model the label is empty: names that clients invent must not grow the metrics.</summary>
    public void RequestFailed(string model, string version, InferenceError error)
    {
        _requests.Add(1, new TagList { { ModelTag, model }, { VersionTag, version }, { "outcome", error.ToString() } });
    }

    /// <summary>A queue did not let a request in, or let it go without running it.</summary>
    public void Refused(string model, string version, string reason) =>
        _refused.Add(1, new TagList { { ModelTag, model }, { VersionTag, version }, { "reason", reason } });

    /// <summary>A graph was run once.</summary>
    public void Executed(string model, string version, int rows)
    {
        var tags = new TagList { { ModelTag, model }, { VersionTag, version } };
        _executions.Add(1, tags);
        _batchRows.Record(rows, tags);
    }

    /// <summary>A model version was loaded, or could not be.</summary>
    public void Loaded(string model, string version, bool succeeded, TimeSpan duration)
    {
        _load.Record(duration.TotalSeconds, new TagList { { ModelTag, model }, { VersionTag, version }, { "succeeded", succeeded ? "true" : "false" } });
    }

    /// <summary>A model version was taken out of service because its runs failed.</summary>
    public void TakenOut(string model, string version) => _takenOut.Add(1, new TagList { { ModelTag, model }, { VersionTag, version } });

    private Histogram<double> Seconds(string name, string description) => _meter.CreateHistogram<double>(name, "s", description);
}
