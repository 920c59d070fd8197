namespace Serving.Contracts.Rest;

/// <summary>The answer of <c>GET /v2/models/{model}/ready</c> where it is.</summary>
public sealed record ModelReadyBody(string Name, bool Ready);
