namespace Serving.Server.Commands.Inspect;

/// <summary>An input or output.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Datatype">Its element type, as the protocols name it.</param>
/// <param name="Shape">Its extents, -1 for one that varies.</param>
/// <param name="AxisNames">The graph's names for its axes; empty where it has none.</param>
/// <param name="Optional">Whether a request may leave it out.</param>
internal sealed record InspectedTensor(string Name, string Datatype, IReadOnlyList<long> Shape, IReadOnlyList<string> AxisNames, bool Optional);
