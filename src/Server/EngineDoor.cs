using Serving.Runtime;
using Serving.Runtime.Inference;
using Serving.Runtime.Models;
using Serving.Runtime.Statistics;
using Serving.Runtime.Tokenization;
using Serving.Server.Tracing;

namespace Serving.Server;

/// <summary>What the protocols call of the engine, so that they are tested without models.</summary>
internal sealed class EngineDoor
{
    /// <inheritdoc cref="InferenceEngine.IsReady"/>
    public required Func<bool> IsReady { get; init; }

    /// <inheritdoc cref="InferenceEngine.CheckReady"/>
    public required Func<string, string?, InferenceFailure?> CheckReady { get; init; }

    /// <inheritdoc cref="InferenceEngine.GetMetadata"/>
    public required Func<string, string?, Outcome<ModelMetadata>> GetMetadata { get; init; }

    /// <inheritdoc cref="InferenceEngine.GetDetails"/>
    public required Func<string, string?, Outcome<IReadOnlyList<ModelDetails>>> GetDetails { get; init; }

    /// <inheritdoc cref="InferenceEngine.GetConfiguration"/>
    public required Func<string, string?, Outcome<ModelConfiguration>> GetConfiguration { get; init; }

    /// <inheritdoc cref="InferenceEngine.GetCosts"/>
    public required Func<string, string?, Outcome<ModelCosts>> GetCosts { get; init; }

    /// <inheritdoc cref="InferenceEngine.GetTokenizer"/>
    public Func<string, string?, Outcome<Tokenizer>> GetTokenizer { get; init; } =
        static (model, _) => InferenceFailure.Unsupported($"model '{model}' has no tokenizer");

    /// <inheritdoc cref="InferenceEngine.GetStatistics"/>
    public required Func<string?, string?, Outcome<IReadOnlyList<ModelStatistics>>> GetStatistics { get; init; }

    /// <inheritdoc cref="InferenceEngine.GetIndex"/>
    public required Func<bool, IReadOnlyList<ModelStatus>> GetIndex { get; init; }

    /// <inheritdoc cref="InferenceEngine.InferAsync"/>
    public required Func<InferenceRequest, CancellationToken, ValueTask<Outcome<InferenceResponse>>> Infer { get; init; }

    /// <inheritdoc cref="InferenceEngine.LoadAsync(string, LoadOverrides?, CancellationToken)"/>
    public required Func<string, LoadOverrides?, CancellationToken, ValueTask<InferenceFailure?>> Load { get; init; }

    /// <inheritdoc cref="InferenceEngine.UnloadAsync"/>
    public required Func<string, CancellationToken, ValueTask<InferenceFailure?>> Unload { get; init; }

    /// <param name="engine">The engine.</param>
    /// <param name="tracer">Sees the inferences on their way; null for nobody.</param>
    public static EngineDoor Of(InferenceEngine engine, Tracer? tracer = null) => new()
    {
        IsReady = () => engine.IsReady,
        CheckReady = engine.CheckReady,
        GetMetadata = engine.GetMetadata,
        GetDetails = engine.GetDetails,
        GetConfiguration = engine.GetConfiguration,
        GetCosts = engine.GetCosts,
        GetTokenizer = engine.GetTokenizer,
        GetStatistics = engine.GetStatistics,
        GetIndex = engine.GetIndex,
        Infer = tracer is null ? engine.InferAsync : tracer.Before(engine.InferAsync),
        Load = engine.LoadAsync,
        Unload = engine.UnloadAsync,
    };
}
