namespace Serving.Runtime.Tensors;

/// <summary>What a model declares about one of its inputs or outputs.</summary>
/// <param name="Name">The graph's name for the tensor.</param>
/// <param name="Type">The element type.</param>
/// <param name="Shape">Extents; -1 for an axis that varies.</param>
/// <param name="AxisNames">The graph's symbolic name for each axis; empty where it has none. Hints only.</param>
/// <param name="Optional">Whether a request may leave the input out.</param>
public sealed record TensorSignature(
    string Name, ElementType Type, TensorShape Shape, IReadOnlyList<string> AxisNames, bool Optional = false)
{
    /// <summary>False where the graph does not even declare how many axes there are; then any rank is accepted.</summary>
    public bool HasRank { get; init; } = true;
}
