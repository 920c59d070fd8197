namespace Serving.Runtime.Tasks.Ocr;

/// <summary>A rectangle by its middle, the direction of its first side, and half its sides' lengths.</summary>
internal readonly record struct TurnedRectangle(double X, double Y, double Cos, double Sin, double HalfLength, double HalfWidth)
{
    public double Shorter => 2 * Math.Min(HalfLength, HalfWidth);

    public double Area => 4 * HalfLength * HalfWidth;

    public double Perimeter => 4 * (HalfLength + HalfWidth);

    /// <summary>The rectangle with all sides moved outwards.</summary>
    public TurnedRectangle Grown(double distance) => this with { HalfLength = HalfLength + distance, HalfWidth = HalfWidth + distance };

    public bool Contains(double x, double y) =>
        Math.Abs(((x - X) * Cos) + ((y - Y) * Sin)) <= HalfLength && Math.Abs(((y - Y) * Cos) - ((x - X) * Sin)) <= HalfWidth;

    public Quad ToQuad()
    {
        var self = this;
        (double, double) Corner(double along, double across) =>
            (self.X + (along * self.HalfLength * self.Cos) - (across * self.HalfWidth * self.Sin), self.Y + (along * self.HalfLength * self.Sin) + (across * self.HalfWidth * self.Cos));
        return Quad.Upright([Corner(-1, -1), Corner(1, -1), Corner(1, 1), Corner(-1, 1)]);
    }

    /// <summary>The smallest rectangle around points: one of its sides lies along a side of their convex hull.</summary>
    public static TurnedRectangle Around(IReadOnlyList<(double X, double Y)> points)
    {
        var hull = ConvexHull.Of(points);
        var best = default(TurnedRectangle);
        var smallest = double.PositiveInfinity;
        for (var i = 0; i < hull.Count; i++)
        {
            var (from, to) = (hull[i], hull[(i + 1) % hull.Count]);
            var length = Math.Sqrt(Math.Pow(to.X - from.X, 2) + Math.Pow(to.Y - from.Y, 2));
            var found = length > 0 ? Along(hull, (to.X - from.X) / length, (to.Y - from.Y) / length) : Along(hull, 1, 0);
            if (found.Area < smallest)
            {
                (best, smallest) = (found, found.Area);
            }
        }

        return best;
    }

    private static TurnedRectangle Along(IReadOnlyList<(double X, double Y)> points, double cos, double sin)
    {
        var (left, right, top, bottom) = (double.PositiveInfinity, double.NegativeInfinity, double.PositiveInfinity, double.NegativeInfinity);
        foreach (var (x, y) in points)
        {
            var (along, across) = ((x * cos) + (y * sin), (y * cos) - (x * sin));
            (left, right) = (Math.Min(left, along), Math.Max(right, along));
            (top, bottom) = (Math.Min(top, across), Math.Max(bottom, across));
        }

        var (middle, centre) = ((left + right) / 2, (top + bottom) / 2);
        return new TurnedRectangle((middle * cos) - (centre * sin), (middle * sin) + (centre * cos), cos, sin, (right - left) / 2, (bottom - top) / 2);
    }
}
