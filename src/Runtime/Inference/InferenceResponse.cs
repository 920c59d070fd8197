namespace Serving.Runtime.Inference;

/// <summary>The answer to a request. Its outputs lie in memory of the engine: dispose it when they are written.</summary>
public sealed class InferenceResponse : IDisposable
{
    private IDisposable? _owner;

    /// <param name="owner">Gives the outputs' memory back; null where nothing has to be given back.</param>
    public InferenceResponse(IDisposable? owner) => _owner = owner;

    /// <summary>The model's name as the repository spells it.</summary>
    public required string ModelName { get; init; }

    public required string ModelVersion { get; init; }

    public string? Id { get; init; }

    public required IReadOnlyList<OutputTensor> Outputs { get; init; }

    public StageTimes Stages { get; init; }

    public void Dispose() => Interlocked.Exchange(ref _owner, null)?.Dispose();
}
