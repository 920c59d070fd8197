using System.Runtime.InteropServices;
using Serving.Runtime.Batching.Planning;

namespace Serving.Runtime.Simulation;

/// <summary>The server's own: <see cref="BatchPlanner"/> over the oldest or most urgent of what waits.</summary>
internal sealed class LiveQueue(IRunCost cost, QueueRules rules) : ISimulatedQueue
{
    private readonly List<WaitingRequest> _queue = [];
    private readonly List<int> _ids = [];

    public int Waiting => _queue.Count;

    public Refusal Offer(int id, in WaitingRequest request, double now, in LaneLoad load)
    {
        _queue.Add(request);
        _ids.Add(id);
        return Refusal.None;
    }

    public void Take(double now, int freeLanes, List<int> batch, List<Shed<int>> shed)
    {
        for (var i = _queue.Count - 1; i >= 0; i--)
        {
            if (now + cost.Predict(_queue[i].Rows, _queue[i].Length) > _queue[i].Deadline)
            {
                shed.Add(new Shed<int>(_ids[i], Refusal.Expired));
                _queue.RemoveAt(i);
                _ids.RemoveAt(i);
            }
        }

        var urgent = CollectionsMarshal.AsSpan(_queue)[..Math.Min(_queue.Count, BatchPlanner.Window)];
        var places = BatchPlanner.Next(urgent, cost, rules.Limits, now);
        foreach (var place in places)
        {
            batch.Add(_ids[place]);
        }

        foreach (var place in places.OrderDescending())
        {
            _queue.RemoveAt(place);
            _ids.RemoveAt(place);
        }
    }
}
