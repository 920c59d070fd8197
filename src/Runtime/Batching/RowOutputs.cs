using Serving.Runtime.Graphs;

namespace Serving.Runtime.Batching;

/// <summary>
/// Which outputs can be given to the requests of a batch without one of them seeing what is another's. Told from the graph
/// alone: a run on samples says nothing of what other contents would do.
/// </summary>
internal sealed class RowOutputs
{
    private readonly IReadOnlyList<string> _names;
    private readonly Dependence[] _dependences;

    private RowOutputs(IReadOnlyList<string> names, Dependence[] dependences)
    {
        _names = names;
        _dependences = dependences;
    }

    /// <param name="graph">The graph.</param>
    /// <param name="batched">The inputs along which rows lie; of all others, the rows of a batch have the same.</param>
    public static RowOutputs Of(OnnxGraph graph, IEnumerable<string> batched)
    {
        var dependence = DataDependence.On(graph, batched);
        return new RowOutputs([.. graph.Outputs.Select(o => o.Name)], [.. graph.Outputs.Select(o => dependence.Of(o.Name))]);
    }

    /// <summary>An output that cannot be cut into rows, as a sentence; null where all can.</summary>
    public string? FindUncuttable() => Find(i => _dependences[i].HasFlag(Dependence.Extents)) is { } name
        ? $"the extents of output '{name}' follow from what is in the rows, so it cannot be told whose is what"
        : null;

    /// <summary>An output that all rows would share though it follows from them, as a sentence; null where none does.</summary>
    /// <param name="axes">Per output its batch axis, -1 for none.</param>
    public string? FindLeak(IReadOnlyList<int> axes) => Find(i => axes[i] < 0 && _dependences[i] != Dependence.None) is { } name
        ? $"output '{name}' follows from the rows but has no axis along which they lie"
        : null;

    private string? Find(Predicate<int> isSuch)
    {
        var index = Array.FindIndex([.. Enumerable.Range(0, _names.Count)], isSuch);
        return index < 0 ? null : _names[index];
    }
}
