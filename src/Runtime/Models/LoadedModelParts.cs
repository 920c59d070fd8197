using Microsoft.Extensions.Logging;
using Serving.Runtime.Batching;
using Serving.Runtime.Diagnostics;

namespace Serving.Runtime.Models;

/// <summary>What a loaded model shares with the others, and its limits.</summary>
internal sealed record LoadedModelParts(BatcherOptions Limits, RunScheduler Scheduler, EngineMetrics Metrics, ILogger Log, TimeProvider Time);
