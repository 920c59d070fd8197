using System.Text.Json;

namespace Serving.Runtime.Inference;

/// <summary>A request in the engine's terms, whatever protocol it came by.</summary>
public sealed class InferenceRequest
{
    /// <summary>The model's name; case does not matter.</summary>
    public required string ModelName { get; init; }

    /// <summary>A version; null or empty for the model's default, the highest that is ready.</summary>
    public string? ModelVersion { get; init; }

    /// <summary>The client's id, sent back as it came.</summary>
    public string? Id { get; init; }

    public required IReadOnlyList<InputTensor> Inputs { get; init; }

    /// <summary>The outputs that the client wants, in its order; null or empty for all.</summary>
    public IReadOnlyList<string>? Outputs { get; init; }

    /// <summary>What the client asks of a task beyond its inputs, over what the model's configuration says; null for nothing. A graph takes none.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Parameters { get; init; }

    /// <summary>A <see cref="TimeProvider.GetTimestamp"/> after which the answer is worthless; 0 for none.</summary>
    public long Deadline { get; init; }

    /// <summary>When the request's first byte was seen, as <see cref="TimeProvider.GetTimestamp"/>; 0 for when the engine got it.</summary>
    public long Received { get; init; }

    /// <summary>1 is the most urgent; 0 for the model's default.</summary>
    public int Priority { get; init; }

    /// <summary>For whom it is: tenants that compete get equal shares. Null where nobody says.</summary>
    public string? Tenant { get; init; }
}
