using Serving.Runtime.Batching.Planning;

namespace Serving.Runtime.Simulation;

/// <summary>The server's own: <see cref="RequestQueue{T}"/> of one model, all of whose requests may share a batch.</summary>
internal sealed class LiveQueue(IRunCost cost, QueueRules rules) : ISimulatedQueue
{
    private static readonly object Key = new();

    private readonly RequestQueue<int> _queue = new(cost, rules);

    public int Waiting => _queue.Count;

    public Refusal Offer(int id, in WaitingRequest request, double now, in LaneLoad load) => _queue.Offer(id, Key, request, now, load).Refusal;

    public void Take(double now, int freeLanes, List<int> batch, List<Shed<int>> shed) => _queue.Take(now, freeLanes, batch, shed);
}
