using Serving.Runtime.Tensors;

namespace Serving.Runtime.Models;

/// <summary>What a client may know of a model.</summary>
/// <param name="Name">The name as the repository spells it.</param>
/// <param name="Versions">The versions that are ready, ascending.</param>
/// <param name="Platform"><c>onnxruntime_onnx</c> for a graph, as Triton reports it.</param>
/// <param name="Inputs">The inputs; shapes include the batch axis.</param>
/// <param name="Outputs">The outputs, likewise.</param>
public sealed record ModelMetadata(
    string Name,
    IReadOnlyList<string> Versions,
    string Platform,
    IReadOnlyList<TensorSignature> Inputs,
    IReadOnlyList<TensorSignature> Outputs)
{
    /// <summary>The task that it does; null for a graph.</summary>
    public TaskDetails? Task { get; init; }
}
