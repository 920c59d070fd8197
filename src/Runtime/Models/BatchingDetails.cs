namespace Serving.Runtime.Models;

/// <summary>What the load-time probe found.</summary>
/// <param name="Enabled">Whether rows of several requests run together.</param>
/// <param name="MaxRows">The largest batch that is formed.</param>
/// <param name="BatchAxes">Per tensor, the position of its batch axis; a tensor without one is missing.</param>
/// <param name="LengthAxes">Per tensor, the positions of the axes whose extent may differ between requests.</param>
/// <param name="Evidence">On what sample, or why not.</param>
public sealed record BatchingDetails(
    bool Enabled,
    int MaxRows,
    IReadOnlyDictionary<string, int> BatchAxes,
    IReadOnlyDictionary<string, IReadOnlyList<int>> LengthAxes,
    string Evidence);
