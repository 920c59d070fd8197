using System.Collections.Frozen;
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
    private readonly RequestSplitter _splitter;
    private readonly TaskCompletionSource _freed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ArrivalRecorder? _arrivals;
    private readonly string _fullName;
    private int _leases = 1;

    public LoadedModel(OnnxSession session, GraphSignature signature, BatchAxes axes, ModelLabel label, LoadedModelParts parts)
    {
        _session = session;
        Signature = signature;
        Axes = axes;
        Version = label.Version;
        Cost = parts.Cost;
        int[] inputAxes = [.. signature.Inputs.Select(i => axes.Inputs.GetValueOrDefault(i.Name, -1))];
        _admission = new Admission(label.Name, signature, axes, inputAxes);
        _splitter = new RequestSplitter(axes, inputAxes, parts.Time);
        Counters = new VersionCounters(parts.Time);
        _arrivals = parts.Arrivals;
        _fullName = $"{label.Name}/{label.Version}";
        var runner = new BatchRunner(session, axes, inputAxes, parts.Cost, label, parts.Metrics, Counters, parts.Log, parts.Time);
        _batcher = new Batcher(runner, parts.Cost, parts.Limits, parts.Scheduler, parts.Time);
    }

    public string Version { get; }

    public GraphSignature Signature { get; }

    public BatchAxes Axes { get; }

    /// <summary>What it has done since it was loaded.</summary>
    public VersionCounters Counters { get; }

    /// <summary>What its runs have been seen to take.</summary>
    public RunCostModel Cost { get; }

    public required FrozenDictionary<string, OutputDetails> OutputDetails { get; init; }

    public required ModelConfiguration Configuration { get; init; }

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

    /// <summary>Runs a request under the caller's lease.</summary>
    public ValueTask<Outcome<InferenceResponse>> InferAsync(InferenceRequest request, CancellationToken cancellationToken)
    {
        if (!_admission.Accept(request).TryGetValue(out var accepted, out var failure))
        {
            return new ValueTask<Outcome<InferenceResponse>>(failure);
        }

        _arrivals?.Record(_fullName, accepted.Rows, accepted.Length, request.Deadline, request.Priority, tenant: null);
        return RequestSplitter.MustSplit(accepted, _batcher.MaxRows)
            ? _splitter.RunAsync(accepted, _batcher.MaxRows, part => _batcher.RunAsync(part, cancellationToken))
            : _batcher.RunAsync(accepted, cancellationToken);
    }
}
