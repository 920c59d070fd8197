using System.Text.Json.Serialization;

namespace Serving.Contracts.Rest;

/// <summary>
/// The answer of <c>GET /v1/models/{model}</c>: the fields of OpenAI (the first four), KServe (name and ready) and TensorFlow
/// Serving. <paramref name="Error"/> is there only where the model is not ready.
/// </summary>
public sealed record ModelBody(
    string Id,
    string Object,
    long Created,
    string OwnedBy,
    string Name,
    bool Ready,
    IReadOnlyList<ModelVersionBody> ModelVersionStatus,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Error);
