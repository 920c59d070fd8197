using Serving.Runtime.Batching.Planning;

namespace Serving.Runtime.Simulation;

/// <summary>The oldest and those nearest to it in length, as many as fit, whatever that costs: one of the policies that the ideal chooses among.</summary>
internal sealed class NearestQueue(PlanLimits limits) : ISimulatedQueue
{
    private readonly List<(int Id, int Rows, int Length)> _waiting = [];

    public int Waiting => _waiting.Count;

    public Refusal Offer(int id, in WaitingRequest request, double now, in LaneLoad load)
    {
        _waiting.Add((id, request.Rows, request.Length));
        return Refusal.None;
    }

    public void Take(double now, int freeLanes, List<int> batch, List<Shed<int>> shed)
    {
        if (_waiting.Count == 0)
        {
            return;
        }

        var oldest = _waiting[0].Length;
        var near = Enumerable.Range(0, Math.Min(_waiting.Count, BatchPlanner.Window)).OrderBy(i => Math.Abs(_waiting[i].Length - oldest));
        var (rows, length) = (0, 0);
        var taken = new List<int>();
        foreach (var place in near)
        {
            rows += _waiting[place].Rows;
            length = Math.Max(length, _waiting[place].Length);
            if (taken.Count > 0 && !limits.Allow(rows, length))
            {
                break;
            }

            taken.Add(place);
            batch.Add(_waiting[place].Id);
        }

        foreach (var place in taken.OrderDescending())
        {
            _waiting.RemoveAt(place);
        }
    }
}
