using Serving.Runtime.Batching.Planning;

namespace Serving.Runtime.Batching;

/// <summary>
/// The process's compute budget: so many lanes, on each of which one graph runs at a time. Models that have work take turns by what
/// their runs have cost (start-time fair queueing, P. Goyal et al., 1996), so that none waits for more than its share.
/// A run begins as a work item of the thread pool behind what has already arrived, so that requests read from sockets
/// meanwhile join its batch ("yield to collect"): no timer, and no delay when idle. After a long run, during which other threads have
/// read what arrived, the next one begins on the same thread: handing it to another costs more than it gains.
/// </summary>
internal sealed class RunScheduler(int budget, TimeProvider time) : IThreadPoolWorkItem
{
    /// <summary>What a run is taken to cost while nothing is known of it: a turn is never free.</summary>
    private const double UnknownCost = 1e-4;

    /// <summary>Seconds of a run during which others get a turn of the processor to read what arrives. Ten times what handing over costs.</summary>
    private const double LongRun = 5e-4;

    private readonly Lock _gate = new();
    private readonly PriorityQueue<Batcher, (double Start, long Number)> _ready = new();
    private readonly double[] _expected = new double[budget];
    private readonly Stack<int> _lanes = new(Enumerable.Range(0, budget));
    private double _turn;
    private long _number;
    private int _running;

    /// <summary>How many runs there may be at a time.</summary>
    public int Budget => budget;

    /// <summary>A model has work that nobody has taken up.</summary>
    public void Enqueue(Batcher batcher)
    {
        lock (_gate)
        {
            Add(batcher);
            if (_running == budget)
            {
                return;
            }

            _running++;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <summary>What stands before a model's queue besides what waits in it.</summary>
    /// <param name="batcher">The model.</param>
    /// <param name="now">The time, in seconds of the clock.</param>
    public LaneLoad LoadBefore(Batcher batcher, double now)
    {
        lock (_gate)
        {
            var (remaining, soonest) = (0.0, double.PositiveInfinity);
            foreach (var expected in _expected)
            {
                var left = Math.Max(0, expected - now);
                remaining += left;
                soonest = Math.Min(soonest, left);
            }

            var (work, models) = (0.0, 0);
            foreach (var (other, _) in _ready.UnorderedItems)
            {
                work += ReferenceEquals(other, batcher) ? 0 : other.QueuedWork;
                models += ReferenceEquals(other, batcher) ? 0 : 1;
            }

            return new LaneLoad(budget, soonest, remaining, work, models);
        }
    }

    void IThreadPoolWorkItem.Execute()
    {
        while (RunOne())
        {
        }
    }

    // Answers whether this thread goes on with the next.
    private bool RunOne()
    {
        Batcher? batcher;
        int lane, free;
        lock (_gate)
        {
            if (!_ready.TryDequeue(out batcher, out var turn))
            {
                _running--;
                return false;
            }

            _turn = turn.Start;
            lane = _lanes.Pop();
            free = _lanes.Count + 1;
        }

        var batch = batcher.Form(free);
        Begin(batcher, batch, lane);
        if (!batch.Members.IsEmpty)
        {
            batcher.Run(batch);
        }

        // Never on a thread that has another graph to run, because what waiters do may take as long as they like.
        var keeps = batch.Predicted >= LongRun && TryKeep(lane);
        if (keeps)
        {
            batch.DeliverElsewhere();

            // Where there is but one processor, answers leave before the next run rather than after it.
            Thread.Yield();
        }
        else
        {
            GiveWay(lane);
            batch.Deliver();
        }

        return keeps;
    }

    private void Begin(Batcher batcher, Batch batch, int lane)
    {
        var isNeeded = false;
        lock (_gate)
        {
            _expected[lane] = ((double)time.GetTimestamp() / time.TimestampFrequency) + batch.Predicted;
            batcher.Finish = Math.Max(batcher.Finish, _turn) + Math.Max(batch.Predicted, UnknownCost);
            if (batch.HasMore)
            {
                Add(batcher);
                isNeeded = _running < budget;
                _running += isNeeded ? 1 : 0;
            }
        }

        if (isNeeded)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    private void Add(Batcher batcher) => _ready.Enqueue(batcher, (Math.Max(batcher.Finish, _turn), _number++));

    // The next run begins on this thread, if there is one.
    private bool TryKeep(int lane)
    {
        lock (_gate)
        {
            if (_ready.Count == 0)
            {
                return false;
            }

            Free(lane);
            return true;
        }
    }

    // The next run is again behind what has arrived meanwhile.
    private void GiveWay(int lane)
    {
        lock (_gate)
        {
            Free(lane);
            if (_ready.Count == 0)
            {
                _running--;
                return;
            }
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    private void Free(int lane)
    {
        _expected[lane] = 0;
        _lanes.Push(lane);
    }
}
