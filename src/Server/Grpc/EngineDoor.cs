using Serving.Runtime;
using Serving.Runtime.Inference;
using Serving.Runtime.Models;

namespace Serving.Server.Grpc;

/// <summary>What the services need of the engine, so that protocol and services are tested without models.</summary>
internal sealed class EngineDoor
{
    public required Func<bool> IsReady { get; init; }

    /// <summary>Null where the model and version are ready, else why they are not.</summary>
    public required Func<string, string?, InferenceFailure?> CheckReady { get; init; }

    public required Func<string, string?, Outcome<ModelMetadata>> GetMetadata { get; init; }

    /// <summary>The index: all models, or only those that are ready.</summary>
    public required Func<bool, IReadOnlyList<ModelStatus>> GetIndex { get; init; }

    public required Func<InferenceRequest, CancellationToken, ValueTask<Outcome<InferenceResponse>>> Infer { get; init; }

    public required Func<string, CancellationToken, ValueTask<InferenceFailure?>> Load { get; init; }

    public required Func<string, CancellationToken, ValueTask<InferenceFailure?>> Unload { get; init; }

    public static EngineDoor Of(InferenceEngine engine) => new()
    {
        IsReady = () => engine.IsReady,
        CheckReady = engine.CheckReady,
        GetMetadata = engine.GetMetadata,
        GetIndex = engine.GetIndex,
        Infer = engine.InferAsync,
        Load = engine.LoadAsync,
        Unload = engine.UnloadAsync,
    };
}
