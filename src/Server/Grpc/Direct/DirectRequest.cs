namespace Serving.Server.Grpc.Direct;

/// <summary>What the metrics remember of a request until it ends: who counted its beginning must count its end, whoever listens by then.</summary>
/// <param name="Started">A timestamp; 0 where nobody asked for its duration.</param>
/// <param name="IsCounted">Whether it is among those in progress.</param>
/// <param name="IsSecure">Whether its scheme is https.</param>
internal readonly record struct DirectRequest(long Started, bool IsCounted, bool IsSecure);
