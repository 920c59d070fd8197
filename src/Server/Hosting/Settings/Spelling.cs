namespace Serving.Server.Hosting.Settings;

/// <summary>Finds what somebody who mistyped a name most likely meant.</summary>
internal static class Spelling
{
    /// <summary>The candidate nearest to <paramref name="typed"/>, or null where none is within a third of its length.</summary>
    public static string? Nearest(string typed, IEnumerable<string> candidates)
    {
        var best = default(string);
        var bestDistance = Math.Max(2, typed.Length / 3) + 1;
        foreach (var candidate in candidates)
        {
            var distance = Distance(typed.ToLowerInvariant(), candidate.ToLowerInvariant());
            if (distance < bestDistance)
            {
                best = candidate;
                bestDistance = distance;
            }
        }

        return best;
    }

    /// <summary>How many letters must be put in, left out, replaced or swapped with their neighbour.</summary>
    private static int Distance(string a, string b)
    {
        var rows = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
            {
                rows[i, j] = i == 0 || j == 0 ? i + j : Step(rows, a, b, i, j);
            }
        }

        return rows[a.Length, b.Length];
    }

    private static int Step(int[,] rows, string a, string b, int i, int j)
    {
        var replaced = rows[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
        var best = Math.Min(replaced, Math.Min(rows[i - 1, j], rows[i, j - 1]) + 1);
        var swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
        return swapped ? Math.Min(best, rows[i - 2, j - 2] + 1) : best;
    }
}
