namespace Serving.Runtime.Tasks.Ocr;

/// <summary>The outermost pixels of each row of a connected region: all that its convex hull needs.</summary>
internal sealed class RowExtents
{
    private readonly int[] _left;
    private readonly int[] _right;
    private int _top = int.MaxValue;
    private int _bottom = -1;

    public RowExtents(int height)
    {
        _left = new int[height];
        _right = new int[height];
        Array.Fill(_left, int.MaxValue);
        Array.Fill(_right, -1);
    }

    public void Add(int x, int y)
    {
        _left[y] = Math.Min(_left[y], x);
        _right[y] = Math.Max(_right[y], x);
        _top = Math.Min(_top, y);
        _bottom = Math.Max(_bottom, y);
    }

    /// <summary>The pixels; afterwards there are none.</summary>
    public IReadOnlyList<(double X, double Y)> Take()
    {
        var points = new List<(double X, double Y)>();
        for (var y = _top; y <= _bottom; y++)
        {
            points.Add((_left[y], y));
            points.Add((_right[y], y));
            (_left[y], _right[y]) = (int.MaxValue, -1);
        }

        (_top, _bottom) = (int.MaxValue, -1);
        return points;
    }
}
