using Serving.Runtime.Configuration;

namespace Serving.Runtime.Models;

/// <summary>How a model version is served: what its user wrote, and what was found where nothing is written.</summary>
/// <param name="Name">The name as the repository spells it.</param>
/// <param name="FileName">The graph's file, relative to the version's folder, or to the model's where there are no versions.</param>
/// <param name="Device">The number of the GPU in use; null where the processor is.</param>
public sealed record ModelConfiguration(string Name, string FileName, int? Device)
{
    /// <summary>What runs it, as Triton names such things: <c>onnxruntime_onnx</c> for a graph.</summary>
    public string Platform { get; init; } = "onnxruntime_onnx";

    /// <summary>The part of the server that runs it, as Triton names such things.</summary>
    public string Backend { get; init; } = "onnxruntime";

    /// <summary>Which versions are served.</summary>
    public required VersionPolicy Versions { get; init; }

    /// <summary>The largest batch; 0 unless rows of several requests run together, along the first axis of every input and output.</summary>
    public required int MaxBatchSize { get; init; }

    /// <summary>How many rows may wait.</summary>
    public required int MaxQueueRows { get; init; }

    /// <summary>How long a request may wait before it is refused; null for as long as it likes.</summary>
    public TimeSpan? QueueTimeout { get; init; }

    public required IReadOnlyList<ConfiguredTensor> Inputs { get; init; }

    public required IReadOnlyList<ConfiguredTensor> Outputs { get; init; }

    /// <summary>What the user asked of the GPU that is in use, by provider.</summary>
    public IReadOnlyList<ProviderConfig> Accelerators { get; init; } = [];

    /// <summary>What the user wrote.</summary>
    public required ModelConfig Written { get; init; }
}
