using Serving.Runtime.Batching;
using Serving.Runtime.Batching.Planning;
using Serving.Runtime.Batching.Faults;
using Serving.Runtime.Batching.Probe;
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
    private readonly RequestSplitter _splitter;
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
        var pieces = new RequestPool(inputAxes.Length, lengths, static (_, _, _) => { }, parts.Time);
        _splitter = new RequestSplitter(axes, inputAxes, keys, pieces, parts.Time);
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

    public string Provider => _session.Provider;

    public int QueuedRows => _batcher.QueuedRows;

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

        pending.Begin(cancellationToken);
        return _batcher.RunAsync(pending);
    }

    protected override Task FreeAsync()
    {
        _session.Dispose();
        ProcessMemory.Return();
        return Task.CompletedTask;
    }

    private async ValueTask<Outcome<InferenceResponse>> SplitAsync(AcceptedRequest whole, CancellationToken cancellationToken)
    {
        var started = Time.GetTimestamp();
        var outcome = await _splitter.RunAsync(whole, _batcher.MaxRows, Run).ConfigureAwait(false);
        Complete(whole.Request, started, outcome);
        return outcome;

        ValueTask<Outcome<InferenceResponse>> Run(PendingRequest part)
        {
            part.Begin(cancellationToken);
            return _batcher.RunAsync(part);
        }
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
