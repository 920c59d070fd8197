using Serving.Runtime.Inference;
using Serving.Server.Health;

namespace Serving.Server.Grpc;

/// <summary>What can take requests. While the server drains, nothing can.</summary>
internal sealed class Readiness(EngineDoor engine, DrainState drain)
{
    /// <summary>Cancelled when draining begins.</summary>
    public CancellationToken Draining => drain.Draining;

    /// <summary>Whether the server can take requests.</summary>
    public bool IsServerReady => !drain.IsDraining && engine.IsReady();

    /// <summary>Null where the model can take requests, else why it cannot.</summary>
    public InferenceFailure? CheckModel(string model, string? version) => drain.IsDraining
        ? new InferenceFailure(InferenceError.Unavailable, "the server is shutting down")
        : engine.CheckReady(model, version);
}
