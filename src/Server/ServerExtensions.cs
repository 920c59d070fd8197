namespace Serving.Server;

/// <summary>The protocol extensions that the server metadata announces, over REST and gRPC alike.</summary>
internal static class ServerExtensions
{
    public static IReadOnlyList<string> Names { get; } = ["binary_tensor_data", "model_repository", "parameters"];
}
