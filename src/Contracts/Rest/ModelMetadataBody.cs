namespace Serving.Contracts.Rest;

/// <summary>The answer of <c>GET /v2/models/{model}</c>.</summary>
public sealed record ModelMetadataBody(
    string Name,
    IReadOnlyList<string> Versions,
    string Platform,
    IReadOnlyList<TensorMetadataBody> Inputs,
    IReadOnlyList<TensorMetadataBody> Outputs);
