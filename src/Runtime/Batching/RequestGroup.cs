using Serving.Runtime.Batching.Planning;

namespace Serving.Runtime.Batching;

/// <summary>Requests that may share a batch, in the order in which they came.</summary>
internal sealed class RequestGroup
{
    private readonly List<PendingRequest> _waiting = [];
    private int _first;
    private bool _isMixed;

    public bool IsEmpty => _first == _waiting.Count;

    /// <summary>When the oldest came, as a timestamp of the time provider.</summary>
    public long OldestSince => _waiting[_first].Enqueued;

    public void Add(PendingRequest request)
    {
        _isMixed |= !IsEmpty && request.Accepted.Length != _waiting[^1].Accepted.Length;
        _waiting.Add(request);
    }

    /// <summary>Takes the next batch out: of equal lengths the oldest, as many as fit; of several what the planner says.</summary>
    public List<PendingRequest> Take(IRunCost cost, PlanLimits limits, TimeProvider time)
    {
        var taken = _isMixed ? TakePlanned(cost, limits, time) : TakeOldest(limits);
        _isMixed &= !IsEmpty;

        // What has been taken is let go of in large steps, because every step moves all that waits.
        if (_first > _waiting.Count / 2)
        {
            _waiting.RemoveRange(0, _first);
            _first = 0;
        }

        return taken;
    }

    private List<PendingRequest> TakeOldest(PlanLimits limits)
    {
        var taken = new List<PendingRequest>();
        var rows = 0;
        while (!IsEmpty)
        {
            rows += _waiting[_first].Accepted.Rows;
            if (taken.Count > 0 && !limits.Allow(rows, _waiting[_first].Accepted.Length))
            {
                break;
            }

            taken.Add(_waiting[_first++]);
        }

        return taken;
    }

    private List<PendingRequest> TakePlanned(IRunCost cost, PlanLimits limits, TimeProvider time)
    {
        var now = time.GetTimestamp();
        var window = new WaitingRequest[Math.Min(_waiting.Count - _first, BatchPlanner.Window)];
        for (var i = 0; i < window.Length; i++)
        {
            var request = _waiting[_first + i];
            var deadline = request.Accepted.Request.Deadline;
            window[i] = new WaitingRequest(
                request.Accepted.Rows,
                request.Accepted.Length,
                -time.GetElapsedTime(request.Enqueued, now).TotalSeconds,
                deadline == 0 ? double.PositiveInfinity : time.GetElapsedTime(now, deadline).TotalSeconds);
        }

        var plan = BatchPlanner.Next(window, cost, limits, now: 0);
        var taken = new List<PendingRequest>(plan.Length);
        foreach (var index in plan)
        {
            taken.Add(_waiting[_first + index]);
        }

        Remove(plan);
        return taken;
    }

    // The places are ascending; what stays moves up behind what has gone before it.
    private void Remove(int[] plan)
    {
        var (kept, next) = (_first, 0);
        for (var i = _first; i < _waiting.Count; i++)
        {
            if (next < plan.Length && i == _first + plan[next])
            {
                next++;
            }
            else
            {
                _waiting[kept++] = _waiting[i];
            }
        }

        _waiting.RemoveRange(kept, _waiting.Count - kept);
        _waiting.RemoveRange(0, _first);
        _first = 0;
    }
}
