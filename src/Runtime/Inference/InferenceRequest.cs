using System.Text.Json;

namespace Serving.Runtime.Inference;

/// <summary>
/// A request in the engine's terms, whatever protocol it came by. It must stay as it is until it is answered; after an answer that is
/// no failure it may be filled again.
/// </summary>
public sealed class InferenceRequest
{
    /// <summary>The model's name; case does not matter.</summary>
    public required string ModelName { get; set; }

    /// <summary>A version; null or empty for the model's default, the highest that is ready.</summary>
    public string? ModelVersion { get; set; }

    /// <summary>The client's id, sent back as it came.</summary>
    public string? Id { get; set; }

    public required IReadOnlyList<InputTensor> Inputs { get; set; }

    /// <summary>The outputs that the client wants, in its order; null or empty for all.</summary>
    public IReadOnlyList<string>? Outputs { get; set; }

    /// <summary>What the client asks of a task beyond its inputs, over what the model's configuration says; null for nothing. A graph takes none.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Parameters { get; set; }

    /// <summary>A <see cref="TimeProvider.GetTimestamp"/> after which the answer is worthless; 0 for none.</summary>
    public long Deadline { get; set; }

    /// <summary>When the request's first byte was seen, as <see cref="TimeProvider.GetTimestamp"/>; 0 for when the engine got it.</summary>
    public long Received { get; set; }

    /// <summary>1 is the most urgent; 0 for the model's default.</summary>
    public int Priority { get; set; }

    /// <summary>For whom it is: tenants that compete get equal shares. Null where nobody says.</summary>
    public string? Tenant { get; set; }

    /// <summary>
    /// Whether the answer's object may answer another request once it has been disposed. Who says so disposes it exactly once, and
    /// does not look at it afterwards.
    /// </summary>
    public bool ReusesAnswer { get; set; }
}
