namespace Serving.Runtime.Batching;

/// <summary>The outputs that a request wants. Requests that want the same ones mostly have the same selection.</summary>
internal sealed class OutputSelection
{
    public OutputSelection(IReadOnlyList<string> names)
    {
        Names = [.. names];
        Distinct = [.. names.Distinct()];
        Places = Array.ConvertAll(Names, name => Array.IndexOf(Distinct, name));
    }

    /// <summary>The names, in the client's order, as often as it named them.</summary>
    public string[] Names { get; }

    /// <summary>Each of them once: what is asked of the graph.</summary>
    public string[] Distinct { get; }

    /// <summary>Where each name stands in <see cref="Distinct"/>.</summary>
    public int[] Places { get; }

    /// <summary>Everything that either of two selections wants.</summary>
    public static OutputSelection Union(OutputSelection one, OutputSelection other) =>
        ReferenceEquals(one, other) || !other.Distinct.Except(one.Distinct).Any() ? one : new OutputSelection([.. one.Distinct.Union(other.Distinct)]);
}
