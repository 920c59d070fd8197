namespace Serving.Runtime.Graphs;

/// <summary>What of a tensor follows from the contents of a graph's inputs.</summary>
[Flags]
internal enum Dependence : byte
{
    /// <summary>Nothing: it is the same for all inputs of the same shapes.</summary>
    None = 0,

    /// <summary>Its elements.</summary>
    Values = 1,

    /// <summary>Even its extents, as of a list of what was found.</summary>
    Extents = 2,
}
