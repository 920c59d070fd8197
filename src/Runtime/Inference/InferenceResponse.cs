using System.Collections.ObjectModel;

namespace Serving.Runtime.Inference;

/// <summary>The answer to a request. Its outputs lie in memory of the engine: dispose it when they are written.</summary>
public sealed class InferenceResponse : IDisposable
{
    private IDisposable? _owner;

    /// <param name="owner">Gives the outputs' memory back; null where nothing has to be given back.</param>
    public InferenceResponse(IDisposable? owner) => _owner = owner;

    /// <summary>The model's name as the repository spells it.</summary>
    public required string ModelName { get; set; }

    public required string ModelVersion { get; set; }

    public string? Id { get; set; }

    /// <summary>The request's extent along the batch axis; 1 where the model has none.</summary>
    public int Rows { get; set; } = 1;

    public required IReadOnlyList<OutputTensor> Outputs { get; set; }

    /// <summary>By output, of the model version that answered; it may be gone when this is read.</summary>
    public IReadOnlyDictionary<string, OutputDetails> OutputDetails { get; set; } = ReadOnlyDictionary<string, OutputDetails>.Empty;

    public StageTimes Stages { get; set; }

    /// <summary>Makes it another answer, whose outputs' memory is to be given back again.</summary>
    internal void Begin(IDisposable owner) => _owner = owner;

    public void Dispose() => Interlocked.Exchange(ref _owner, null)?.Dispose();
}
