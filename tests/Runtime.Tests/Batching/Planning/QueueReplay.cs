using Serving.Runtime.Batching.Planning;

namespace Serving.Runtime.Tests.Batching.Planning;

/// <summary>One lane that runs what a queue says, in virtual time, each run as long as predicted.</summary>
internal sealed class QueueReplay(RequestQueue<int> queue, IRunCost cost)
{
    private readonly Dictionary<int, WaitingRequest> _waiting = [];
    private readonly Dictionary<int, int> _slots = [];

    public double Now { get; set; }

    /// <summary>When each was answered.</summary>
    public Dictionary<int, double> Answered { get; } = [];

    public Dictionary<int, Refusal> Shed { get; } = [];

    /// <summary>What ran, in order.</summary>
    public List<int[]> Batches { get; } = [];

    /// <summary>Seconds of all runs.</summary>
    public double Cost { get; private set; }

    public IReadOnlyDictionary<int, WaitingRequest> Waiting => _waiting;

    /// <param name="id">Names it.</param>
    /// <param name="key">What it shares with others.</param>
    /// <param name="request">The request.</param>
    /// <param name="lanes">How many lanes the forecast reckons with; many, to let everything in.</param>
    public Verdict Offer(int id, object? key, in WaitingRequest request, int lanes = 1)
    {
        var verdict = queue.Offer(id, key, request, Now, new LaneLoad(lanes));
        _slots[id] = verdict.Slot;
        if (verdict.Refusal == Refusal.None)
        {
            _waiting[id] = request;
        }

        return verdict;
    }

    public bool Remove(int id)
    {
        _waiting.Remove(id);
        return queue.Remove(id, _slots[id]);
    }

    /// <summary>Runs the next batch to its end.</summary>
    public int[] Step()
    {
        List<int> batch = [];
        List<Shed<int>> shed = [];
        queue.Take(Now, freeLanes: 1, batch, shed);
        foreach (var (id, reason) in shed)
        {
            Assert.True(_waiting.Remove(id));
            Shed[id] = reason;
        }

        var seconds = batch.Count == 0 ? 0 : cost.Predict(batch.Sum(id => _waiting[id].Rows), batch.Max(id => _waiting[id].Length));
        (Now, Cost) = (Now + seconds, Cost + seconds);
        foreach (var id in batch)
        {
            Assert.True(_waiting.Remove(id));
            Answered.Add(id, Now);
        }

        Batches.Add([.. batch]);
        return Batches[^1];
    }

    public void Drain()
    {
        while (queue.Count > 0)
        {
            Step();
        }
    }
}
