using System.Collections.Immutable;
using System.Text.Json;

namespace Serving.Runtime.Configuration;

/// <summary>A step of an ensemble: a model, and which of the ensemble's tensors it reads and makes.</summary>
public sealed record StepConfig
{
    /// <summary>The model's name.</summary>
    public required string Model { get; init; }

    /// <summary>The model's version, or a label; null for its default.</summary>
    public string? Version { get; init; }

    /// <summary>By input of the model, the ensemble's tensor that it gets.</summary>
    public ImmutableDictionary<string, string> Inputs { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>By output of the model, the ensemble's tensor that it becomes.</summary>
    public ImmutableDictionary<string, string> Outputs { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>What the model is asked beyond its inputs, where it is a task.</summary>
    public ImmutableDictionary<string, JsonElement> Parameters { get; init; } = ImmutableDictionary<string, JsonElement>.Empty;

    /// <summary>The inputs whose rows are asked one by one; the answers are put together again.</summary>
    public ImmutableArray<string> ForEach { get; init; } = [];

    /// <summary>Which rows the step runs for; null for all.</summary>
    public ConditionConfig? When { get; init; }

    /// <summary>By tensor that the step makes, the ensemble's tensor that stands in for the rows that it does not run for.</summary>
    public ImmutableDictionary<string, string> Otherwise { get; init; } = ImmutableDictionary<string, string>.Empty;
}
