using Serving.Runtime.Batching.Planning;

namespace Serving.Runtime.Simulation;

/// <summary>A queue that decides what is let in and what runs next: the server's own, or one that it is compared with.</summary>
internal interface ISimulatedQueue
{
    /// <summary>How many requests wait.</summary>
    int Waiting { get; }

    /// <summary>A request comes; it waits where nothing speaks against it.</summary>
    /// <param name="id">What it is called when it is taken out.</param>
    /// <param name="request">The request.</param>
    /// <param name="now">The time.</param>
    /// <param name="load">What runs.</param>
    Refusal Offer(int id, in WaitingRequest request, double now, in LaneLoad load);

    /// <summary>Takes the next batch out.</summary>
    /// <param name="now">The time.</param>
    /// <param name="freeLanes">How many runs could begin now, at least 1.</param>
    /// <param name="batch">Takes those that run together; none where nothing is left.</param>
    /// <param name="shed">Takes those that leave without running.</param>
    void Take(double now, int freeLanes, List<int> batch, List<Shed<int>> shed);
}
