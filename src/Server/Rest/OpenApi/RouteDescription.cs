namespace Serving.Server.Rest.OpenApi;

/// <summary>What <c>/openapi.json</c> says of a route.</summary>
/// <param name="Tag">The group that it stands in.</param>
/// <param name="Summary">What it does, in a sentence.</param>
/// <param name="Request">The name of its body's schema; null where it takes none.</param>
/// <param name="Response">The name of its answer's schema; null where the status says all.</param>
internal sealed record RouteDescription(string Tag, string Summary, string? Request = null, string? Response = null);
