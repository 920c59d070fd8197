namespace Serving.Soak.Reports;

/// <summary>What a soak did and found.</summary>
/// <param name="Table">Requests by act and ending.</param>
/// <param name="Weights">The server's state when it was quiet: after the warm-up, and at the end.</param>
/// <param name="Problems">Whatever must not be; none is a pass.</param>
public sealed record SoakReport(IReadOnlyList<string> Table, IReadOnlyList<string> Weights, IReadOnlyList<string> Problems)
{
    public IEnumerable<string> Lines() => [.. Table, "", .. Weights, .. Problems.Select(problem => $"problem: {problem}")];
}
