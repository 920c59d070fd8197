namespace Serving.Runtime.Batching.Padding;

/// <summary>Axes of inputs that have one extent in every request, such as the tokens of ids and mask.</summary>
/// <param name="Name">The graph's name for the extent; empty where it has none.</param>
/// <param name="Axes">Where it stands: indices of inputs, and axes of theirs.</param>
internal sealed record LengthClass(string Name, IReadOnlyList<(int Input, int Axis)> Axes);
