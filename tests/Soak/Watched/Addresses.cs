namespace Serving.Soak.Watched;

/// <summary>Where a server answers.</summary>
internal sealed record Addresses(Uri Rest, Uri Grpc, Uri Metrics);
