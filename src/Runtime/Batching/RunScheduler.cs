namespace Serving.Runtime.Batching;

/// <summary>
/// The process's compute budget: at most so many runs of graphs at a time, taken in turn by the models that have work.
/// A run begins as a work item of the thread pool behind what has already arrived, so that requests read from sockets
/// meanwhile join its batch ("yield to collect"): no timer, and no delay when idle.
/// </summary>
internal sealed class RunScheduler(int budget) : IThreadPoolWorkItem
{
    private readonly Lock _gate = new();
    private readonly Queue<Batcher> _ready = new();
    private int _running;

    /// <summary>How many runs there may be at a time.</summary>
    public int Budget => budget;

    /// <summary>A model has work that nobody has taken up.</summary>
    public void Enqueue(Batcher batcher)
    {
        lock (_gate)
        {
            _ready.Enqueue(batcher);
            if (_running == budget)
            {
                return;
            }

            _running++;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    void IThreadPoolWorkItem.Execute()
    {
        Batcher? batcher;
        lock (_gate)
        {
            if (!_ready.TryDequeue(out batcher))
            {
                _running--;
                return;
            }
        }

        var batch = batcher.RunOnce();
        GiveWay();

        // Only now, because what waiters do takes as long as they like.
        batch.Deliver();
    }

    // The next run is again behind what has arrived meanwhile.
    private void GiveWay()
    {
        lock (_gate)
        {
            if (_ready.Count == 0)
            {
                _running--;
                return;
            }
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }
}
