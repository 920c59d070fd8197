namespace Serving.Contracts.Rest;

/// <summary>The answer of <c>GET /v2</c>.</summary>
public sealed record ServerMetadataBody(string Name, string Version, IReadOnlyList<string> Extensions);
