namespace Serving.Contracts.Rest;

/// <summary>The answer of <c>GET /v1/models</c>: OpenAI's list and, in <c>models</c>, KServe's.</summary>
public sealed record ModelListBody(string Object, IReadOnlyList<ListedModelBody> Data, IReadOnlyList<string> Models);
