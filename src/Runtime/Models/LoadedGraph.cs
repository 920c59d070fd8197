using Serving.Runtime.Batching;
using Serving.Runtime.Batching.Planning;
using Serving.Runtime.Batching.Faults;
using Serving.Runtime.Batching.Probe;
using Serving.Runtime.Caching;
using Serving.Runtime.Diagnostics;
using Serving.Runtime.Inference;
using Serving.Runtime.Onnx;
using Serving.Runtime.Simulation;

namespace Serving.Runtime.Models;

/// <summary>A graph that can be run.</summary>
internal sealed class LoadedGraph : LoadedModel
{
    private readonly OnnxSession _session;
    private readonly Admission _admission;
    private readonly Batcher _batcher;
    private readonly RequestPool _requests;
    private readonly RequestPool _parts;
    private readonly RequestSplitter _splitter;
    private readonly CachedInference? _cache;
    private readonly ArrivalRecorder? _arrivals;
    private readonly string _fullName;

    public LoadedGraph(OnnxSession session, GraphSignature signature, BatchAxes axes, ModelLabel label, LoadedGraphParts parts)
        : base(label, signature, parts.Metrics, parts.Time)
    {
        _session = session;
        Axes = axes;
        Cost = parts.Cost;
        int[] inputAxes = [.. signature.Inputs.Select(i => axes.Inputs.GetValueOrDefault(i.Name, -1))];
        var lengths = axes.Padding?.Classes.Count ?? 0;
        var keys = new BatchKeys(inputAxes, axes.Padding);
        _admission = new Admission(label.Name, signature, axes, inputAxes, keys);
        _requests = new RequestPool(inputAxes.Length, lengths, Complete, parts.Time);
        _parts = new RequestPool(inputAxes.Length, lengths, static (_, _, _) => { }, parts.Time);
        _splitter = new RequestSplitter(axes, inputAxes, keys, _parts, parts.Time);
        _cache = parts.Cache is { } cache ? new CachedInference(cache.MaxBytes, HasRowsFirst(signature, axes), label, parts.OutputDetails, parts.Time) : null;
        Health = new RunHealth(parts.Sample is { } sample ? () => Try(sample) : null, parts.Breaker, label, parts.Metrics, parts.Log, parts.Time);
        _arrivals = parts.Arrivals;
        _fullName = $"{label.Name}/{label.Version}";
        var layout = new InputLayout(signature, inputAxes, axes.Padding);
        var runner = new BatchRunner(session, axes, layout, parts.Cost, label, parts.Metrics, Counters, parts.Log, parts.Time) { OutputDetails = parts.OutputDetails, Health = Health };
        _batcher = new Batcher(runner, parts.Cost, parts.Limits, parts.Scheduler, label, parts.Metrics, parts.Time);
    }

    public BatchAxes Axes { get; }

    /// <summary>What its runs have been seen to take.</summary>
    public RunCostModel Cost { get; }

    /// <summary>Whether its runs can succeed; where they cannot, it is out of service.</summary>
    public RunHealth Health { get; }

    public override string Platform => "onnxruntime_onnx";

    public override LoadedGraph Graph => this;

    public override InferenceFailure? Refusal => Health.Refusal();

    public override bool IsOut => Health.IsOut;

    /// <summary>The bytes of the graph's file and of its external weights.</summary>
    public long FileBytes { get; init; }

    public int MaxRows => _batcher.MaxRows;

    /// <summary>How many rows may wait.</summary>
    public int MaxQueueRows => _batcher.MaxQueueRows;

    public string Provider => _session.Provider;

    public int QueuedRows => _batcher.QueuedRows;

    /// <summary>What its cache does; null where it has none.</summary>
    public CacheDetails? Cache => _cache?.Details;

    public override Task RetireAsync()
    {
        Health.Retire();
        return base.RetireAsync();
    }

    /// <inheritdoc/>
    public override ValueTask<Outcome<InferenceResponse>> InferAsync(InferenceRequest request, CancellationToken cancellationToken)
    {
        if (Health.Refusal() is { } refusal)
        {
            Complete(request, Time.GetTimestamp(), refusal);
            return new ValueTask<Outcome<InferenceResponse>>(refusal);
        }

        if (_cache is not null)
        {
            return AskCacheAsync(request, _cache, cancellationToken);
        }

        var pending = _requests.Rent();
        if (_admission.Accept(request, pending.Accepted) is { } failure)
        {
            Complete(request, Time.GetTimestamp(), failure);
            return new ValueTask<Outcome<InferenceResponse>>(failure);
        }

        _arrivals?.Record(_fullName, pending.Accepted.Rows, pending.Accepted.Length, request.Deadline, request.Priority, request.Tenant);
        if (RequestSplitter.MustSplit(pending.Accepted, _batcher.MaxRows))
        {
            return SplitAsync(pending.Accepted, cancellationToken);
        }

        return Begin(pending, cancellationToken);
    }

    protected override Task FreeAsync()
    {
        _session.Dispose();
        ProcessMemory.Return();
        return Task.CompletedTask;
    }

    /// <summary>Whether rows lie along the first axis of every tensor, so that a request can be taken apart there.</summary>
    private static bool HasRowsFirst(GraphSignature signature, BatchAxes axes) =>
        axes.Enabled && signature.Inputs.All(input => axes.Inputs.GetValueOrDefault(input.Name, -1) == 0) && signature.Outputs.All(output => axes.Outputs.GetValueOrDefault(output.Name, -1) == 0);

    private async ValueTask<Outcome<InferenceResponse>> AskCacheAsync(InferenceRequest request, CachedInference cache, CancellationToken cancellationToken)
    {
        var started = Time.GetTimestamp();
        var outcome = await cache.InferAsync(request, part => RunPartAsync(part, cancellationToken), cancellationToken).ConfigureAwait(false);
        Complete(request, started, outcome);
        return outcome;
    }

    /// <summary>Runs what the cache does not know. It is counted with the request that it is a part of.</summary>
    private ValueTask<Outcome<InferenceResponse>> RunPartAsync(InferenceRequest request, CancellationToken cancellationToken)
    {
        var pending = _parts.Rent();
        if (_admission.Accept(request, pending.Accepted) is { } failure)
        {
            return new ValueTask<Outcome<InferenceResponse>>(failure);
        }

        if (RequestSplitter.MustSplit(pending.Accepted, _batcher.MaxRows))
        {
            return _splitter.RunAsync(pending.Accepted, _batcher.MaxRows, _batcher.MaxQueueRows, part => Begin(part, cancellationToken));
        }

        return Begin(pending, cancellationToken);
    }

    private async ValueTask<Outcome<InferenceResponse>> SplitAsync(AcceptedRequest whole, CancellationToken cancellationToken)
    {
        var started = Time.GetTimestamp();
        var outcome = await _splitter.RunAsync(whole, _batcher.MaxRows, _batcher.MaxQueueRows, part => Begin(part, cancellationToken)).ConfigureAwait(false);
        Complete(whole.Request, started, outcome);
        return outcome;
    }

    private ValueTask<Outcome<InferenceResponse>> Begin(PendingRequest pending, CancellationToken cancellationToken)
    {
        pending.Begin(cancellationToken);
        return _batcher.RunAsync(pending);
    }

    // Null also where it has been retired: then there is nothing to be said against it.
    private string? Try(SampleRow sample)
    {
        if (!TryAcquire())
        {
            return null;
        }

        try
        {
            return sample.Run(new ProbeGraph(_session, Signature, CancellationToken.None));
        }
        finally
        {
            Release();
        }
    }
}
