namespace Serving.Runtime.Tasks.Ocr;

/// <summary>The smallest convex polygon around points: Andrew's monotone chain.</summary>
internal static class ConvexHull
{
    /// <summary>Its corners in one direction; the points themselves where there are fewer than three.</summary>
    public static IReadOnlyList<(double X, double Y)> Of(IReadOnlyList<(double X, double Y)> points)
    {
        var sorted = points.Distinct().Order().ToList();
        if (sorted.Count < 3)
        {
            return sorted;
        }

        var hull = new List<(double X, double Y)>();
        Chain(sorted, hull, 0);
        sorted.Reverse();
        var first = hull.Count - 1;
        hull.RemoveAt(first);
        Chain(sorted, hull, first);
        hull.RemoveAt(hull.Count - 1);
        return hull;
    }

    private static void Chain(List<(double X, double Y)> points, List<(double X, double Y)> hull, int from)
    {
        foreach (var point in points)
        {
            while (hull.Count >= from + 2 && Turn(hull[^2], hull[^1], point) <= 0)
            {
                hull.RemoveAt(hull.Count - 1);
            }

            hull.Add(point);
        }
    }

    private static double Turn((double X, double Y) a, (double X, double Y) b, (double X, double Y) c) => ((b.X - a.X) * (c.Y - a.Y)) - ((b.Y - a.Y) * (c.X - a.X));
}
