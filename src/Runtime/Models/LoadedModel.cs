using System.Collections.Immutable;
using Serving.Runtime.Batching;
using Serving.Runtime.Diagnostics;
using Serving.Runtime.Inference;
using Serving.Runtime.Statistics;
using Serving.Runtime.Tokenization;

namespace Serving.Runtime.Models;

/// <summary>
/// A model version that answers requests: a graph, or what is made of graphs. Requests hold a lease while they use it; retired,
/// it takes no new ones and is freed when the last ends.
/// </summary>
internal abstract class LoadedModel
{
    private readonly EngineMetrics _metrics;
    private readonly TaskCompletionSource _freed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _leases = 1;

    protected LoadedModel(ModelLabel label, GraphSignature signature, EngineMetrics metrics, TimeProvider time)
    {
        _metrics = metrics;
        Time = time;
        Name = label.Name;
        Version = label.Version;
        Signature = signature;
        Counters = new VersionCounters(time);
    }

    /// <summary>The name that it is counted under.</summary>
    public string Name { get; }

    public string Version { get; }

    public GraphSignature Signature { get; }

    /// <summary>What it has done since it was loaded.</summary>
    public VersionCounters Counters { get; }

    public required ModelConfiguration Configuration { get; init; }

    /// <summary>What runs it, as Triton names such things.</summary>
    public abstract string Platform { get; }

    /// <summary>The task that it does; null for a graph, which is called by its tensors.</summary>
    public virtual TaskDetails? ServedAs => null;

    /// <summary>What makes tokens of its texts; null where it reads none.</summary>
    public virtual Tokenizer? Tokenizer => null;

    /// <summary>What was odd when it was made but changes no answer.</summary>
    public ImmutableArray<string> Warnings { get; init; } = [];

    /// <summary>The graph that does its work; null where there are several.</summary>
    public abstract LoadedGraph? Graph { get; }

    /// <summary>Why it is out of service; null where it is in.</summary>
    public abstract InferenceFailure? Refusal { get; }

    /// <summary>Whether its runs fail, and so another version is preferred where there is one.</summary>
    public abstract bool IsOut { get; }

    protected TimeProvider Time { get; }

    /// <summary>Its inputs and outputs as they are now; fails where what it is made of is not ready.</summary>
    public virtual Outcome<GraphSignature> GetSignature() => Signature;

    /// <summary>How it is served, as it is now.</summary>
    public virtual ModelConfiguration Configure() => Configuration;

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
        if (Interlocked.Decrement(ref _leases) == 0)
        {
            _ = FreeAsync().ContinueWith(static (_, freed) => ((TaskCompletionSource)freed!).SetResult(), _freed, TaskScheduler.Default);
        }
    }

    /// <summary>Takes no more leases; completes when the last has ended and the memory is freed. Called once.</summary>
    public virtual Task RetireAsync()
    {
        Release();
        return _freed.Task;
    }

    /// <summary>Runs a request under a lease, which ends when the answer is taken.</summary>
    public abstract ValueTask<Outcome<InferenceResponse>> InferAsync(InferenceRequest request, CancellationToken cancellationToken);

    /// <summary>Frees what it holds; nobody has a lease any more.</summary>
    protected abstract Task FreeAsync();

    /// <summary>Counts an answered request and ends its lease.</summary>
    /// <param name="request">The request.</param>
    /// <param name="accepted">When it was accepted, as a timestamp.</param>
    /// <param name="outcome">The answer.</param>
    protected void Complete(InferenceRequest request, long accepted, Outcome<InferenceResponse> outcome)
    {
        if (outcome.TryGetValue(out var response, out var failure))
        {
            Counters.Succeeded(response.Stages);
            _metrics.RequestSucceeded(Name, Version, response.Rows, response.Stages);
        }
        else
        {
            Counters.Failed(Time.GetElapsedTime(request.Received == 0 ? accepted : request.Received));
            _metrics.RequestFailed(Name, Version, failure.Error);
        }

        Release();
    }
}
