using System.Collections.Immutable;
using System.Text.Json;
using Serving.Runtime.Tensors;

namespace Serving.Runtime.Tasks.Finding;

/// <summary>All that a task can be made from: the graph's inputs and outputs, the files beside it, and what its user wrote.</summary>
/// <param name="Inputs">The graph's inputs.</param>
/// <param name="Outputs">The graph's outputs.</param>
/// <param name="Files">The files beside it.</param>
/// <param name="Written">The options of <c>task</c> in model.yaml.</param>
internal sealed record TaskMaterial(
    IReadOnlyList<TensorSignature> Inputs, IReadOnlyList<TensorSignature> Outputs, TaskFiles Files, ImmutableDictionary<string, JsonElement> Written)
{
    /// <summary>What config.json says; one that says nothing where there is none.</summary>
    public HuggingFaceConfig Config { get; } = new(Files.ReadJson("config.json"));

    /// <summary>Why the model is served as the task that is being made; set by who chooses the task.</summary>
    public string Evidence { get; init; } = "";

    /// <summary>Extents of the graph's weights by name, for what no configuration says.</summary>
    public IReadOnlyDictionary<string, long[]> Weights { get; init; } = new Dictionary<string, long[]>();

    /// <summary>For inputs whose values are looked up in a table: how many rows that has.</summary>
    public IReadOnlyDictionary<string, long> Bounds { get; init; } = new Dictionary<string, long>();

    public TensorSignature? Input(string name) => Inputs.FirstOrDefault(input => input.Name == name);

    public TensorSignature? Output(string name) => Outputs.FirstOrDefault(output => output.Name == name);

    /// <summary>The only output of a number of axes, the one of that name first; null where there is none or several.</summary>
    public TensorSignature? OutputOf(int rank, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (Output(name) is { } named && (!named.HasRank || named.Shape.Rank == rank))
            {
                return named;
            }
        }

        var fitting = Outputs.Where(output => output.HasRank && output.Shape.Rank == rank).Take(2).ToList();
        return fitting is [var only] ? only : null;
    }
}
