using Serving.Runtime.Inference;
using Serving.Runtime.Models;

namespace Serving.Runtime;

/// <summary>
/// The one door to everything that can be inferred. All protocols call it; it knows none of them.
/// </summary>
public sealed class InferenceEngine
{
    /// <summary>Whether the first scan is done and every model that could load has.</summary>
    public bool IsReady => throw new NotImplementedException();

    /// <summary>
    /// Runs a request. Completes only when the engine no longer reads the inputs' memory, also when it was cancelled.
    /// The caller disposes the response once its outputs are written.
    /// </summary>
    public ValueTask<Outcome<InferenceResponse>> InferAsync(InferenceRequest request, CancellationToken cancellationToken) =>
        throw new NotImplementedException();

    /// <summary>What a client may know of a model; NotFound for an unknown model or version, NotReady for one that is not loaded.</summary>
    public Outcome<ModelMetadata> GetMetadata(string model, string? version = null) => throw new NotImplementedException();

    /// <summary>Null where the model (or version) is ready, else why it is not.</summary>
    public InferenceFailure? CheckReady(string model, string? version = null) => throw new NotImplementedException();

    /// <summary>What an operator may know of a model's versions: all, or the one named.</summary>
    public Outcome<IReadOnlyList<ModelDetails>> GetDetails(string model, string? version = null) => throw new NotImplementedException();

    /// <summary>Every model version of the repositories, also those that could not be loaded.</summary>
    public IReadOnlyList<ModelStatus> GetIndex(bool readyOnly = false) => throw new NotImplementedException();

    /// <summary>Loads or reloads a model from its files now; answers when its versions are ready, or why they are not.</summary>
    public ValueTask<InferenceFailure?> LoadAsync(string model, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Takes a model out of service; answers when its requests in flight are done. It stays out until it is loaded or its files change.</summary>
    public ValueTask<InferenceFailure?> UnloadAsync(string model, CancellationToken cancellationToken) => throw new NotImplementedException();
}
