using System.Collections.Frozen;
using Microsoft.Extensions.Logging;
using Serving.Runtime.Batching;
using Serving.Runtime.Batching.Faults;
using Serving.Runtime.Batching.Planning;
using Serving.Runtime.Configuration;
using Serving.Runtime.Diagnostics;
using Serving.Runtime.Inference;
using Serving.Runtime.Simulation;

namespace Serving.Runtime.Models;

/// <summary>What a loaded model shares with the others, its limits, and what is known of its runs.</summary>
internal sealed record LoadedGraphParts(
    BatcherOptions Limits,
    RunCostModel Cost,
    FrozenDictionary<string, OutputDetails> OutputDetails,
    RunScheduler Scheduler,
    EngineMetrics Metrics,
    ILogger Log,
    TimeProvider Time)
{
    /// <summary>Takes every request that comes; null where nobody wants to know.</summary>
    public ArrivalRecorder? Arrivals { get; init; }

    /// <summary>Whether answers are kept; null where they are not.</summary>
    public CacheConfig? Cache { get; init; }

    /// <summary>A row that the graph ran, by which it is tried when its runs fail; null where none was found.</summary>
    public SampleRow? Sample { get; init; }

    /// <summary>When it is taken out because its runs fail.</summary>
    public required BreakerRules Breaker { get; init; }
}
