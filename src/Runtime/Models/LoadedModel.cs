using Serving.Runtime.Batching;
using Serving.Runtime.Batching.Planning;
using Serving.Runtime.Diagnostics;
using Serving.Runtime.Inference;
using Serving.Runtime.Onnx;
using Serving.Runtime.Simulation;
using Serving.Runtime.Statistics;

namespace Serving.Runtime.Models;

/// <summary>
/// A model version that can be run. Requests hold a lease while they use it; retired, it takes no new ones and is freed
/// when the last ends.
/// </summary>
internal sealed class LoadedModel
{
    private readonly OnnxSession _session;
    private readonly Admission _admission;
    private readonly Batcher _batcher;
    private readonly RequestPool _requests;
    private readonly RequestSplitter _splitter;
    private readonly EngineMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly TaskCompletionSource _freed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ArrivalRecorder? _arrivals;
    private readonly string _name;
    private readonly string _fullName;
    private int _leases = 1;

    public LoadedModel(OnnxSession session, GraphSignature signature, BatchAxes axes, ModelLabel label, LoadedModelParts parts)
    {
        _session = session;
        _metrics = parts.Metrics;
        _time = parts.Time;
        _name = label.Name;
        Signature = signature;
        Axes = axes;
        Version = label.Version;
        Cost = parts.Cost;
        int[] inputAxes = [.. signature.Inputs.Select(i => axes.Inputs.GetValueOrDefault(i.Name, -1))];
        var lengths = axes.Padding?.Classes.Count ?? 0;
        var keys = new BatchKeys(inputAxes, axes.Padding);
        _admission = new Admission(label.Name, signature, axes, inputAxes, keys);
        _requests = new RequestPool(inputAxes.Length, lengths, Complete, parts.Time);
        var pieces = new RequestPool(inputAxes.Length, lengths, static (_, _, _) => { }, parts.Time);
        _splitter = new RequestSplitter(axes, inputAxes, keys, pieces, parts.Time);
        Counters = new VersionCounters(parts.Time);
        _arrivals = parts.Arrivals;
        _fullName = $"{label.Name}/{label.Version}";
        var layout = new InputLayout(signature, inputAxes, axes.Padding);
        var runner = new BatchRunner(session, axes, layout, parts.Cost, label, parts.Metrics, Counters, parts.Log, parts.Time) { OutputDetails = parts.OutputDetails };
        _batcher = new Batcher(runner, parts.Cost, parts.Limits, parts.Scheduler, label, parts.Metrics, parts.Time);
    }

    public string Version { get; }

    public GraphSignature Signature { get; }

    public BatchAxes Axes { get; }

    /// <summary>What it has done since it was loaded.</summary>
    public VersionCounters Counters { get; }

    /// <summary>What its runs have been seen to take.</summary>
    public RunCostModel Cost { get; }

    public required ModelConfiguration Configuration { get; init; }

    /// <summary>The bytes of the graph's file and of its external weights.</summary>
    public long FileBytes { get; init; }

    public int MaxRows => _batcher.MaxRows;

    public string Provider => _session.Provider;

    public int QueuedRows => _batcher.QueuedRows;

    /// <summary>Takes a lease; false where the model has been retired.</summary>
    public bool TryAcquire()
    {
        var leases = Volatile.Read(ref _leases);
        while (leases > 0)
        {
            var seen = Interlocked.CompareExchange(ref _leases, leases + 1, leases);
            if (seen == leases)
            {
                return true;
            }

            leases = seen;
        }

        return false;
    }

    public void Release()
    {
        if (Interlocked.Decrement(ref _leases) > 0)
        {
            return;
        }

        _session.Dispose();
        ProcessMemory.Return();
        _freed.TrySetResult();
    }

    /// <summary>Takes no more leases; completes when the last has ended and the memory is freed. Called once.</summary>
    public Task RetireAsync()
    {
        Release();
        return _freed.Task;
    }

    /// <summary>Runs a request under a lease, which ends when the answer is taken.</summary>
    public ValueTask<Outcome<InferenceResponse>> InferAsync(InferenceRequest request, CancellationToken cancellationToken)
    {
        var pending = _requests.Rent();
        if (_admission.Accept(request, pending.Accepted) is { } failure)
        {
            Complete(request, _time.GetTimestamp(), failure);
            return new ValueTask<Outcome<InferenceResponse>>(failure);
        }

        _arrivals?.Record(_fullName, pending.Accepted.Rows, pending.Accepted.Length, request.Deadline, request.Priority, tenant: null);
        if (RequestSplitter.MustSplit(pending.Accepted, _batcher.MaxRows))
        {
            return SplitAsync(pending.Accepted, cancellationToken);
        }

        pending.Begin(cancellationToken);
        return _batcher.RunAsync(pending);
    }

    private async ValueTask<Outcome<InferenceResponse>> SplitAsync(AcceptedRequest whole, CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        var outcome = await _splitter.RunAsync(whole, _batcher.MaxRows, Run).ConfigureAwait(false);
        Complete(whole.Request, started, outcome);
        return outcome;

        ValueTask<Outcome<InferenceResponse>> Run(PendingRequest part)
        {
            part.Begin(cancellationToken);
            return _batcher.RunAsync(part);
        }
    }

    private void Complete(InferenceRequest request, long accepted, Outcome<InferenceResponse> outcome)
    {
        if (outcome.TryGetValue(out var response, out var failure))
        {
            Counters.Succeeded(response.Stages);
            _metrics.RequestSucceeded(_name, Version, response.Rows, response.Stages);
        }
        else
        {
            Counters.Failed(_time.GetElapsedTime(request.Received == 0 ? accepted : request.Received));
            _metrics.RequestFailed(_name, Version, failure.Error);
        }

        Release();
    }
}
