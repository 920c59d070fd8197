using Serving.Runtime.Batching.Planning;

namespace Serving.Runtime.Batching;

/// <summary>A model's limits.</summary>
/// <param name="MaxRows">The largest batch that is formed.</param>
/// <param name="MaxQueueRows">How many rows may wait.</param>
/// <param name="QueueTimeout">How long a request may wait; null for as long as it likes.</param>
internal sealed record BatcherOptions(int MaxRows, int MaxQueueRows, TimeSpan? QueueTimeout)
{
    /// <summary>The most tokens of a batch: rows times the length that each is padded to.</summary>
    public long MaxTokens { get; init; } = long.MaxValue;

    /// <summary>How soon a request should be answered that names no deadline; null where nobody minds.</summary>
    public TimeSpan? Objective { get; init; }

    public QueueRules Rules => new(
        new PlanLimits(MaxRows, MaxTokens),
        MaxQueueRows,
        QueueTimeout?.TotalSeconds ?? double.PositiveInfinity,
        Objective?.TotalSeconds ?? double.PositiveInfinity);
}
