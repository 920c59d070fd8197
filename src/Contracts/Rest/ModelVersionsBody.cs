namespace Serving.Contracts.Rest;

/// <summary>The answer of <c>GET /v1/models/{model}/versions/{version}</c>, which is TensorFlow Serving's alone.</summary>
public sealed record ModelVersionsBody(IReadOnlyList<ModelVersionBody> ModelVersionStatus);
