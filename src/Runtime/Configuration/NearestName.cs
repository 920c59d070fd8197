namespace Serving.Runtime.Configuration;

/// <summary>Guesses what a mistyped name was meant to be.</summary>
internal static class NearestName
{
    /// <summary>The candidate within a third of the name's length in edits; null where none is that near.</summary>
    public static string? Find(string name, IEnumerable<string> candidates)
    {
        // No key is nearly this long; the distance costs the product of both lengths.
        const int LongestName = 64;
        if (name.Length > LongestName)
        {
            return null;
        }

        var lower = name.ToLowerInvariant().Replace('-', '_');
        var near = candidates.Select(c => (Name: c, Distance: Distance(lower, c))).OrderBy(c => c.Distance).FirstOrDefault();
        return near.Name is not null && near.Distance <= Math.Max(2, name.Length / 3) ? near.Name : null;
    }

    /// <summary>The clause for a message: a suggestion, or else everything that is allowed.</summary>
    public static string Suggest(string name, IReadOnlyCollection<string> candidates) =>
        Find(name, candidates) is { } near ? $"did you mean '{near}'?" : $"known are: {string.Join(", ", candidates)}";

    /// <summary>How many single-character insertions, deletions and replacements lead from one to the other.</summary>
    private static int Distance(string from, string to)
    {
        Span<int> previous = stackalloc int[to.Length + 1];
        Span<int> current = stackalloc int[to.Length + 1];
        for (var j = 0; j <= to.Length; j++)
        {
            previous[j] = j;
        }

        for (var i = 1; i <= from.Length; i++)
        {
            current[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                var replaced = previous[j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
                current[j] = Math.Min(replaced, Math.Min(previous[j], current[j - 1]) + 1);
            }

            current.CopyTo(previous);
        }

        return previous[^1];
    }
}
