using Serving.Runtime.Models;

namespace Serving.Server.Commands.Inspect;

/// <summary>What was found about one model version by loading it.</summary>
/// <param name="Details">Its state, files and batching.</param>
/// <param name="Inputs">Its inputs; empty where it could not be loaded.</param>
/// <param name="Outputs">Its outputs, likewise.</param>
/// <param name="Costs">What its runs take; null where it could not be loaded.</param>
/// <param name="ResidentBytes">By how much the process grew when it was loaded and tried, all versions together.</param>
internal sealed record Inspection(
    ModelDetails Details, IReadOnlyList<InspectedTensor> Inputs, IReadOnlyList<InspectedTensor> Outputs, ModelCosts? Costs, long ResidentBytes);
