using System.Text.Json.Serialization;
using Serving.Runtime.Caching;

namespace Serving.Runtime.Models;

/// <summary>What an operator may know of one model version: what was chosen for it, and why.</summary>
/// <param name="Name">The name as the repository spells it.</param>
/// <param name="Version">The version.</param>
/// <param name="State">Its state.</param>
/// <param name="Reason">Why it is in that state.</param>
/// <param name="File">The graph's file.</param>
/// <param name="Provider">The execution provider in use; empty while not loaded.</param>
/// <param name="RefusedProviders">Providers asked for and not used, each with the reason.</param>
/// <param name="Batching">Whether requests share a batch, along which axes, and on what evidence or why not.</param>
/// <param name="Warnings">What was odd about its configuration but changes no answer.</param>
public sealed record ModelDetails(
    string Name,
    string Version,
    ModelState State,
    string Reason,
    string File,
    string Provider,
    IReadOnlyDictionary<string, string> RefusedProviders,
    BatchingDetails? Batching,
    IReadOnlyList<string> Warnings)
{
    /// <summary>The task that it does; null for a graph, which is called by its tensors.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TaskDetails? Task { get; init; }

    /// <summary>What its cache does; null where it has none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public CacheDetails? Cache { get; init; }

    /// <summary>The labels that name this version.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>The bytes of the graph's file and of its external weights; 0 while it is not loaded.</summary>
    public long FileBytes { get; init; }
}
