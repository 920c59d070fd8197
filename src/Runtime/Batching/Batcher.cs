using Serving.Runtime.Batching.Planning;
using Serving.Runtime.Inference;

namespace Serving.Runtime.Batching;

/// <summary>
/// A model's queue. Requests that may share a batch wait together; the group whose oldest has waited longest goes first.
/// Batches are pulled by the <see cref="RunScheduler"/> when it has room, so they grow by themselves under load.
/// </summary>
internal sealed class Batcher
{
    private readonly Lock _gate = new();
    private readonly Dictionary<object, RequestGroup> _groups = [];
    private readonly BatchRunner _runner;
    private readonly IRunCost _cost;
    private readonly BatcherOptions _options;
    private readonly RunScheduler _scheduler;
    private readonly TimeProvider _time;
    private int _queuedRows;
    private bool _scheduled;

    public Batcher(BatchRunner runner, IRunCost cost, BatcherOptions options, RunScheduler scheduler, TimeProvider time)
    {
        _runner = runner;
        _cost = cost;
        _options = options;
        _scheduler = scheduler;
        _time = time;
    }

    /// <summary>The largest batch that is formed; a larger request is split before it comes here.</summary>
    public int MaxRows => _options.MaxRows;

    /// <summary>Rows that wait.</summary>
    public int QueuedRows => Volatile.Read(ref _queuedRows);

    /// <summary>Queues a request that has begun, and answers when it is done.</summary>
    public ValueTask<Outcome<InferenceResponse>> RunAsync(PendingRequest pending)
    {
        var task = pending.Task;
        var accepted = pending.Accepted;
        lock (_gate)
        {
            if (_queuedRows > 0 && _queuedRows + accepted.Rows > _options.MaxQueueRows)
            {
                pending.Refuse(InferenceFailure.Overloaded(
                    $"model '{accepted.Request.ModelName}' has {_queuedRows} rows waiting; at most {_options.MaxQueueRows} may") with
                {
                    RetryAfter = TimeSpan.FromSeconds(1),
                });
                return task;
            }

            // A request without a key is a group of its own.
            var key = (object?)accepted.Key ?? pending;
            if (!_groups.TryGetValue(key, out var group))
            {
                _groups[key] = group = new RequestGroup();
            }

            group.Add(pending);
            _queuedRows += accepted.Rows;
            if (_scheduled)
            {
                return task;
            }

            _scheduled = true;
        }

        _scheduler.Enqueue(this);
        return task;
    }

    /// <summary>Forms one batch and runs it on this thread. What is left is offered to other threads first. The batch is yet to be delivered.</summary>
    internal Batch RunOnce()
    {
        var batch = new Batch();
        bool more;
        lock (_gate)
        {
            Fill(batch);
            more = _scheduled = _groups.Count > 0;
        }

        if (more)
        {
            _scheduler.Enqueue(this);
        }

        batch.Seal();
        _runner.Run(batch);
        return batch;
    }

    private void Fill(Batch batch)
    {
        while (batch.Members.IsEmpty && OldestGroup() is { } key)
        {
            var group = _groups[key];
            foreach (var next in group.Take(_cost, new PlanLimits(_options.MaxRows), _time))
            {
                _queuedRows -= next.Accepted.Rows;
                if (!HasWaitedTooLong(next))
                {
                    batch.TryAdd(next);
                }
            }

            if (group.IsEmpty)
            {
                _groups.Remove(key);
            }
        }
    }

    private object? OldestGroup()
    {
        object? oldest = null;
        var since = long.MaxValue;
        foreach (var (key, group) in _groups)
        {
            if (group.OldestSince < since)
            {
                (oldest, since) = (key, group.OldestSince);
            }
        }

        return oldest;
    }

    private bool HasWaitedTooLong(PendingRequest request)
    {
        if (_options.QueueTimeout is not { } timeout || _time.GetElapsedTime(request.Enqueued) <= timeout)
        {
            return false;
        }

        request.Refuse(InferenceFailure.Overloaded(
            $"the request waited longer than the model's queue timeout of {timeout.TotalMilliseconds:0.###} ms") with
        {
            RetryAfter = TimeSpan.FromSeconds(1),
        });
        return true;
    }
}
