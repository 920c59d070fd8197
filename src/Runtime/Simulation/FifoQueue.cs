using Serving.Runtime.Batching.Planning;

namespace Serving.Runtime.Simulation;

/// <summary>
/// What many servers do, to compare with: the oldest together, as many as fit, padded to the longest of them; nothing is
/// refused or given up.
/// </summary>
internal sealed class FifoQueue(PlanLimits limits) : ISimulatedQueue
{
    private readonly Queue<(int Id, int Rows, int Length)> _waiting = new();

    public int Waiting => _waiting.Count;

    public Refusal Offer(int id, in WaitingRequest request, double now, in LaneLoad load)
    {
        _waiting.Enqueue((id, request.Rows, request.Length));
        return Refusal.None;
    }

    public void Take(double now, int freeLanes, List<int> batch, List<Shed<int>> shed)
    {
        var (rows, length) = (0, 0);
        while (_waiting.TryPeek(out var next))
        {
            rows += next.Rows;
            length = Math.Max(length, next.Length);
            if (batch.Count > 0 && !limits.Allow(rows, length))
            {
                return;
            }

            batch.Add(_waiting.Dequeue().Id);
        }
    }
}
