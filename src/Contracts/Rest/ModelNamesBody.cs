namespace Serving.Contracts.Rest;

/// <summary>The answer of <c>GET /v2/models</c>, as KServe lists models.</summary>
public sealed record ModelNamesBody(IReadOnlyList<string> Models);
