using System.Runtime.InteropServices;
using Serving.Runtime.Batching.Planning;

namespace Serving.Runtime.Tests.Batching.Simulation;

/// <summary>The server's own: <see cref="BatchPlanner"/> over the oldest or most urgent of what waits.</summary>
internal sealed class PlannerPolicy(IRunCost cost, PlanLimits limits) : IBatchPolicy
{
    public IReadOnlyList<int> Next(List<WaitingRequest> queue, double now)
    {
        var urgent = CollectionsMarshal.AsSpan(queue)[..Math.Min(queue.Count, BatchPlanner.Window)];
        return BatchPlanner.Next(urgent, cost, limits, now);
    }

    public bool IsHopeless(in WaitingRequest request, double now) => now + cost.Predict(request.Rows, request.Length) > request.Deadline;
}
