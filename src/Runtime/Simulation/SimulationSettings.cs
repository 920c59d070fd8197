using Serving.Runtime.Batching.Planning;

namespace Serving.Runtime.Simulation;

/// <summary>The server that a trace is replayed through.</summary>
public sealed record SimulationSettings
{
    /// <summary>How many runs there may be at a time.</summary>
    public int Workers { get; init; } = 1;

    /// <summary>The most rows of a batch.</summary>
    public int MaxBatchRows { get; init; } = 32;

    /// <summary>The most tokens of a batch: rows times the length that each is padded to.</summary>
    public long MaxBatchTokens { get; init; } = long.MaxValue;

    /// <summary>How many rows may wait.</summary>
    public int MaxQueueRows { get; init; } = 4096;

    /// <summary>Makes the run times repeatable.</summary>
    public int Seed { get; init; } = 1;

    internal PlanLimits Limits => new(MaxBatchRows, MaxBatchTokens);

    internal QueueRules Rules => new(Limits, MaxQueueRows);
}
