using System.Collections.Frozen;
using Serving.Runtime.Batching.Padding;
using Serving.Runtime.Batching.Probe;

namespace Serving.Runtime.Batching;

/// <summary>Which axis of each tensor the rows of a batch lie along, and on what evidence.</summary>
internal sealed record BatchAxes
{
    /// <summary>Per input, its batch axis; an input that is missing is the same for all rows.</summary>
    public FrozenDictionary<string, int> Inputs { get; init; } = FrozenDictionary<string, int>.Empty;

    /// <summary>Per output, its batch axis; an output that is missing is the same for all rows.</summary>
    public FrozenDictionary<string, int> Outputs { get; init; } = FrozenDictionary<string, int>.Empty;

    /// <summary>Per tensor, the axes whose extent may differ between requests.</summary>
    public FrozenDictionary<string, IReadOnlyList<int>> Lengths { get; init; } = FrozenDictionary<string, IReadOnlyList<int>>.Empty;

    /// <summary>How rows of different lengths share a batch; null where only equal shapes do.</summary>
    public PaddingPlan? Padding { get; init; }

    /// <summary>What the graph accepted while it was tried; null where nothing was tried or accepted.</summary>
    public AcceptedSample? Sample { get; init; }

    /// <summary>Whether rows of different requests may run together.</summary>
    public required bool Enabled { get; init; }

    /// <summary>What was tried and found, for the model's status.</summary>
    public required string Evidence { get; init; }

    public static BatchAxes None(string evidence) => new() { Enabled = false, Evidence = evidence };
}
