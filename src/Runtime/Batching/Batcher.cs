using Serving.Runtime.Batching.Planning;
using Serving.Runtime.Diagnostics;
using Serving.Runtime.Inference;

namespace Serving.Runtime.Batching;

/// <summary>
/// A model's queue as threads see it: <see cref="RequestQueue{T}"/> behind a lock. Batches are pulled by the <see cref="RunScheduler"/>
/// when it has room, so they grow by themselves under load.
/// </summary>
internal sealed class Batcher
{
    /// <summary>By <see cref="Refusal"/>, as the metric's label has it.</summary>
    private static readonly string[] ReasonNames = ["", "queue_full", "predicted_late", "queue_timeout", "expired"];

    private readonly Lock _gate = new();
    private readonly RequestQueue<PendingRequest> _queue;
    private readonly List<PendingRequest> _taken = [];
    private readonly BatchRunner _runner;
    private readonly IRunCost _cost;
    private readonly BatcherOptions _options;
    private readonly RunScheduler _scheduler;
    private readonly EngineMetrics _metrics;
    private readonly ModelLabel _label;
    private readonly TimeProvider _time;
    private bool _scheduled;

    public Batcher(
        BatchRunner runner, IRunCost cost, BatcherOptions options, RunScheduler scheduler, ModelLabel label, EngineMetrics metrics, TimeProvider time)
    {
        _runner = runner;
        _cost = cost;
        _options = options;
        _scheduler = scheduler;
        _label = label;
        _metrics = metrics;
        _time = time;
        _queue = new RequestQueue<PendingRequest>(cost, options.Rules);
    }

    /// <summary>The largest batch that is formed; a larger request is split before it comes here.</summary>
    public int MaxRows => _options.MaxRows;

    /// <summary>How many rows may wait.</summary>
    public int MaxQueueRows => _options.MaxQueueRows;

    /// <summary>Rows that wait.</summary>
    public int QueuedRows => _queue.Rows;

    /// <summary>Seconds of runs that wait.</summary>
    public double QueuedWork => _queue.Work;

    /// <summary>When its work would be done if it had its share of the machine; the <see cref="RunScheduler"/>'s.</summary>
    internal double Finish { get; set; }

    /// <summary>Queues a request that has begun, and answers when it is done.</summary>
    public ValueTask<Outcome<InferenceResponse>> RunAsync(PendingRequest pending)
    {
        var task = pending.Task;
        var request = Describe(pending);
        var load = _queue.IsUrgent(request) ? _scheduler.LoadBefore(this, request.Arrived) : default;
        Verdict verdict;
        bool isFirst;
        lock (_gate)
        {
            verdict = _queue.Offer(pending, pending.Accepted.Key, request, request.Arrived, load);
            pending.Place(this, verdict.Slot);
            if (pending.IsAbandoned)
            {
                // Since before it had its place, so that nobody else takes it out.
                _queue.Remove(pending, verdict.Slot);
            }

            isFirst = verdict.Refusal == Refusal.None && !_scheduled;
            _scheduled |= isFirst;
        }

        if (verdict.Refusal != Refusal.None)
        {
            Refuse(pending, verdict.Refusal, verdict.RetryAfter);
        }
        else if (isFirst)
        {
            _scheduler.Enqueue(this);
        }

        return task;
    }

    /// <summary>Nobody waits for a request any more: it leaves the queue, if it is there.</summary>
    public void Leave(PendingRequest pending)
    {
        lock (_gate)
        {
            _queue.Remove(pending, pending.Slot);
        }
    }

    /// <summary>Forms the next batch; empty where all that waited has left. Where more waits, the scheduler has to come again.</summary>
    /// <param name="freeLanes">Runs that could begin now, this one included.</param>
    internal Batch Form(int freeLanes)
    {
        var batch = new Batch();
        List<Shed<PendingRequest>> shed = [];
        lock (_gate)
        {
            // Those that have left meanwhile are answered; another batch is taken if all have.
            while (batch.Members.IsEmpty && _queue.Count > 0)
            {
                _queue.Limits = _runner.Memory.Restrict(_options.Rules.Limits);
                _taken.Clear();
                _queue.Take(Now, freeLanes, _taken, shed);
                batch.Reserve(_taken.Count);
                foreach (var pending in _taken)
                {
                    batch.TryAdd(pending);
                }
            }

            _taken.Clear();
            batch.Predicted = batch.Members.IsEmpty ? 0 : _cost.Predict(batch.Rows, batch.Length);
            batch.HasMore = _scheduled = _queue.Count > 0;
        }

        batch.Seal();
        foreach (var (pending, reason) in shed)
        {
            Refuse(pending, reason, retryAfter: 0);
        }

        return batch;
    }

    /// <summary>Runs a batch on this thread. It is yet to be delivered.</summary>
    internal void Run(Batch batch) => _runner.Run(batch);

    private double Now => Seconds(_time.GetTimestamp());

    private double Seconds(long timestamp) => (double)timestamp / _time.TimestampFrequency;

    private WaitingRequest Describe(PendingRequest pending)
    {
        var (accepted, request) = (pending.Accepted, pending.Accepted.Request);
        return new WaitingRequest(
            accepted.Rows, accepted.Length, Seconds(pending.Enqueued), request.Deadline == 0 ? double.PositiveInfinity : Seconds(request.Deadline))
        {
            Priority = request.Priority,
            Tenant = request.Tenant,
            IsPart = accepted.IsPart,
        };
    }

    private void Refuse(PendingRequest pending, Refusal reason, double retryAfter)
    {
        _metrics.Refused(_label.Name, _label.Version, ReasonNames[(int)reason]);
        pending.Refuse(reason == Refusal.Expired ? InferenceFailure.DeadlineExceeded : InferenceFailure.Overloaded(Explain(reason)) with
        {
            RetryAfter = TimeSpan.FromSeconds(Math.Clamp(retryAfter, 0.001, 60)),
        });
    }

    private string Explain(Refusal reason) => reason switch
    {
        Refusal.QueueFull => $"model '{_label.Name}' has {QueuedRows} rows waiting; at most {_options.MaxQueueRows} may",
        Refusal.WaitedTooLong => $"the request waited longer than the model's queue timeout of {_options.QueueTimeout!.Value.TotalMilliseconds:0.###} ms",
        _ when QueuedRows == 0 => $"model '{_label.Name}' would answer too late: what runs now, and then this request, takes longer than it leaves",
        _ => $"model '{_label.Name}' would answer too late: {QueuedRows} rows wait",
    };
}
