using Serving.Runtime.Batching.Planning;

namespace Serving.Runtime.Tests.Batching.Simulation;

/// <summary>Decides what runs next.</summary>
internal interface IBatchPolicy
{
    /// <summary>Indices of the requests that run together now; none to wait for more.</summary>
    IReadOnlyList<int> Next(List<WaitingRequest> queue, double now);

    /// <summary>Whether a request would be late whatever is done.</summary>
    bool IsHopeless(in WaitingRequest request, double now);
}
