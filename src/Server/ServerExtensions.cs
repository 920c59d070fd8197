using Serving.Server.Hosting;
using Serving.Server.SharedMemory;

namespace Serving.Server;

/// <summary>The extensions of the Open Inference Protocol that the server speaks, under the names that clients look for.</summary>
internal static class ServerExtensions
{
    /// <summary>Those that need no option.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "model_repository", "binary_tensor_data", "parameters", "classification", "model_configuration", "statistics",
        "model_repository(unload_dependents)", "trace", "logging",
    ];

    /// <summary>Those that work under these options.</summary>
    public static IReadOnlyList<string> Of(ServingOptions options) =>
        SharedMemoryRegistry.IsOffered(options) ? [.. Names, "system_shared_memory"] : Names;
}
