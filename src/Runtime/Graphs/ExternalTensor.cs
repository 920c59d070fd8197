using Serving.Runtime.Tensors;

namespace Serving.Runtime.Graphs;

/// <summary>A weight whose bytes lie in a file beside the graph.</summary>
/// <param name="Name">The weight's name.</param>
/// <param name="Type">Its element type; null for one that no protocol carries.</param>
/// <param name="Shape">Its extents.</param>
/// <param name="Location">The file, relative to the graph's folder.</param>
/// <param name="Offset">Where its bytes begin.</param>
/// <param name="Length">How many there are; null for as many as type and shape take.</param>
internal sealed record ExternalTensor(string Name, ElementType? Type, TensorShape Shape, string Location, long Offset, long? Length)
{
    /// <summary>How many bytes it takes; null where that cannot be said.</summary>
    public long? ByteCount => Length ?? (Type is { } type && type != ElementType.Bytes && Shape.TryCountElements(out var count) ? count * type.Size() : null);
}
