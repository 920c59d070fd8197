using Serving.Runtime.Batching.Planning;

namespace Serving.Runtime.Tests.Batching.Simulation;

/// <summary>What others do: the oldest together, as many as fit, padded to the longest of them.</summary>
internal sealed class FifoPolicy(PlanLimits limits) : IBatchPolicy
{
    public IReadOnlyList<int> Next(List<WaitingRequest> queue, double now)
    {
        var (rows, length, count) = (0, 0, 0);
        while (count < queue.Count)
        {
            rows += queue[count].Rows;
            length = Math.Max(length, queue[count].Length);
            if (count > 0 && !limits.Allow(rows, length))
            {
                break;
            }

            count++;
        }

        return [.. Enumerable.Range(0, count)];
    }

    public bool IsHopeless(in WaitingRequest request, double now) => now > request.Deadline;
}
