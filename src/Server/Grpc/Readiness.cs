using Serving.Runtime.Inference;
using Serving.Server.Health;

namespace Serving.Server.Grpc;

/// <summary>What can take requests. While the server drains, nothing can.</summary>
/// <param name="engineIsReady">Whether the engine is ready.</param>
/// <param name="checkModel">Null where the engine's model and version are ready, else why they are not.</param>
/// <param name="drain">Whether the server drains.</param>
internal sealed class Readiness(Func<bool> engineIsReady, Func<string, string?, InferenceFailure?> checkModel, DrainState drain)
{
    /// <summary>Cancelled when draining begins.</summary>
    public CancellationToken Draining => drain.Draining;

    /// <summary>Whether the server can take requests.</summary>
    public bool IsServerReady => !drain.IsDraining && engineIsReady();

    /// <summary>Null where the model can take requests, else why it cannot.</summary>
    public InferenceFailure? CheckModel(string model, string? version) => drain.IsDraining
        ? new InferenceFailure(InferenceError.Unavailable, "the server is shutting down")
        : checkModel(model, version);
}
