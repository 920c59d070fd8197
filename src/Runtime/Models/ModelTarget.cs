using Serving.Runtime.Inference;

namespace Serving.Runtime.Models;

/// <summary>What a name stands for: a model, or the graph inside one that is served as a task.</summary>
/// <param name="Model">The model.</param>
/// <param name="IsGraph">Whether its graph is meant and not the task.</param>
internal readonly record struct ModelTarget(ServedModel Model, bool IsGraph)
{
    /// <summary>What the name of a task's graph ends in.</summary>
    public const string GraphSuffix = ".graph";

    public string Name => IsGraph ? Model.Name + GraphSuffix : Model.Name;

    /// <summary>What is loaded of it in a version; null where nothing is.</summary>
    public LoadedModel? Of(ServedVersion version) => IsGraph ? (version.Loaded as LoadedTask)?.Graph : version.Loaded;

    /// <summary>Takes a lease on a version, or on the highest that is ready.</summary>
    public Outcome<LoadedModel> Acquire(string? version)
    {
        while (true)
        {
            if (!Model.Acquire(version).TryGetValue(out var loaded, out var failure) || !IsGraph)
            {
                return failure is null ? loaded! : failure;
            }

            var graph = (loaded as LoadedTask)?.Graph;
            var isTaken = graph?.TryAcquire() ?? false;
            loaded.Release();
            if (graph is null)
            {
                return InferenceFailure.NotFound($"Request for unknown model: '{Name}' is not found");
            }

            if (isTaken)
            {
                return graph;
            }
        }
    }
}
