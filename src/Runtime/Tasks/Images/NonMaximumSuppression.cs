namespace Serving.Runtime.Tasks.Images;

/// <summary>Keeps of things of one class that overlap only the surest.</summary>
internal static class NonMaximumSuppression
{
    // The comparison is of each with each; beyond this only the surest take part. Arbitrary, thrice what detectors are told to keep.
    private const int MostCompared = 1000;

    /// <summary>The things that stay, the surest first.</summary>
    /// <param name="found">In any order.</param>
    /// <param name="overlap">The most that two of a class may overlap.</param>
    /// <param name="most">How many stay at most.</param>
    public static IReadOnlyList<Detection> Keep(IEnumerable<Detection> found, double overlap, int most)
    {
        var kept = new List<Detection>();
        foreach (var one in found.OrderByDescending(one => one.Score).Take(MostCompared))
        {
            if (kept.Count == most)
            {
                break;
            }

            if (!kept.Exists(other => other.Class == one.Class && Detection.Overlap(one.Box, other.Box) > overlap))
            {
                kept.Add(one);
            }
        }

        return kept;
    }
}
