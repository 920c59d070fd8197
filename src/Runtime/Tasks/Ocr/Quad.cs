namespace Serving.Runtime.Tasks.Ocr;

/// <summary>A rectangle in any position, in pixels: its corners from above on the left of what is written in it, clockwise.</summary>
internal sealed record Quad((double X, double Y) TopLeft, (double X, double Y) TopRight, (double X, double Y) BottomRight, (double X, double Y) BottomLeft)
{
    public double Width => Distance(TopLeft, TopRight);

    public double Height => Distance(TopLeft, BottomLeft);

    /// <summary>The middle.</summary>
    public (double X, double Y) Centre => ((TopLeft.X + BottomRight.X) / 2, (TopLeft.Y + BottomRight.Y) / 2);

    /// <summary>The same rectangle for something written upwards in it.</summary>
    public Quad Turned => new(TopRight, BottomRight, BottomLeft, TopLeft);

    /// <summary>The same rectangle for something written upside down in it.</summary>
    public Quad UpsideDown => new(BottomRight, BottomLeft, TopLeft, TopRight);

    /// <summary>Four corners in any order, as for something written from left to right.</summary>
    public static Quad Upright(ReadOnlySpan<(double X, double Y)> corners)
    {
        var sorted = corners.ToArray();
        Array.Sort(sorted, static (one, other) => one.X.CompareTo(other.X));
        var (topLeft, bottomLeft) = sorted[0].Y <= sorted[1].Y ? (sorted[0], sorted[1]) : (sorted[1], sorted[0]);
        var (topRight, bottomRight) = sorted[2].Y <= sorted[3].Y ? (sorted[2], sorted[3]) : (sorted[3], sorted[2]);
        return new Quad(topLeft, topRight, bottomRight, bottomLeft);
    }

    public Quad Scaled(double x, double y)
    {
        (double, double) Scale((double X, double Y) point) => (point.X * x, point.Y * y);
        return new Quad(Scale(TopLeft), Scale(TopRight), Scale(BottomRight), Scale(BottomLeft));
    }

    /// <summary>x and y of each corner.</summary>
    public float[] ToArray() =>
    [
        (float)TopLeft.X, (float)TopLeft.Y, (float)TopRight.X, (float)TopRight.Y, (float)BottomRight.X, (float)BottomRight.Y, (float)BottomLeft.X, (float)BottomLeft.Y,
    ];

    private static double Distance((double X, double Y) one, (double X, double Y) other) => Math.Sqrt(Math.Pow(one.X - other.X, 2) + Math.Pow(one.Y - other.Y, 2));
}
