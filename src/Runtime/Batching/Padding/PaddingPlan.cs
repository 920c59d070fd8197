namespace Serving.Runtime.Batching.Padding;

/// <summary>How requests of different lengths are laid into one batch, and cut out of its answers.</summary>
internal sealed record PaddingPlan
{
    /// <summary>The lengths.</summary>
    public required IReadOnlyList<LengthClass> Classes { get; init; }

    /// <summary>Per input the value that fills what a request does not.</summary>
    public required IReadOnlyList<int> Fillers { get; init; }

    /// <summary>Per output, its axes whose extents follow from lengths.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<OutputLength>> Outputs { get; init; }

    /// <summary>On what it was checked.</summary>
    public required string Evidence { get; init; }
}
