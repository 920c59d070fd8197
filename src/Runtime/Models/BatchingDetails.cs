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
    string Evidence)
{
    /// <summary>Which requests share a batch.</summary>
    public BatchingMode Mode { get; init; }

    /// <summary>Where rows are padded: per input, the value that fills what a request does not.</summary>
    public IReadOnlyDictionary<string, int> PaddingValues { get; init; } = new Dictionary<string, int>();

    /// <summary>Where rows are padded: per output, how its extents follow from the lengths, such as <c>axis 1: length / 2</c>.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> OutputLengths { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>The sample that the graph accepted, in words; empty where none was found.</summary>
    public string Sample { get; init; } = "";

    internal static BatchingDetails Of(LoadedGraph loaded)
    {
        var axes = loaded.Axes;
        var all = axes.Inputs.Concat(axes.Outputs).DistinctBy(axis => axis.Key).ToDictionary();
        return new BatchingDetails(axes.Enabled, loaded.MaxRows, all, axes.Lengths, axes.Evidence)
        {
            Mode = !axes.Enabled ? BatchingMode.None : axes.Padding is null ? BatchingMode.EqualShapes : BatchingMode.Padded,
            PaddingValues = axes.Padding is not { } padding
                ? new Dictionary<string, int>()
                : padding.Classes.SelectMany(one => one.Axes).Select(axis => axis.Input).Distinct()
                    .ToDictionary(input => loaded.Signature.Inputs[input].Name, input => padding.Fillers[input]),
            OutputLengths = axes.Padding?.Outputs.Where(output => output.Value.Count > 0)
                .ToDictionary(output => output.Key, output => (IReadOnlyList<string>)[.. output.Value.Select(length => length.Describe(axes.Padding.Classes))])
                ?? [],
            Sample = axes.Sample is { } sample ? $"{sample.Sizes}, values of kind {sample.Values}" : "",
        };
    }
}
