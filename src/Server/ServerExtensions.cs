namespace Serving.Server;

/// <summary>The extensions of the Open Inference Protocol that the server speaks, under the names that clients look for.</summary>
internal static class ServerExtensions
{
    public static IReadOnlyList<string> Names { get; } = ["model_repository", "binary_tensor_data", "parameters", "trace", "logging"];
}
