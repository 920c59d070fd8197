namespace Serving.Runtime.Images.Tiling;

/// <summary>Cuts pictures into tiles of one size that overlap, so that no tile's border is alone in what it shows.</summary>
internal static class TileGrid
{
    /// <summary>The tiles, row after row. They cover the picture and lie within it; a picture that is smaller than a tile is one.</summary>
    /// <param name="side">The side of a tile.</param>
    /// <param name="overlap">How far neighbours overlap at least; less than half a tile.</param>
    public static IReadOnlyList<Tile> Cut(int width, int height, int side, int overlap)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(side);
        ArgumentOutOfRangeException.ThrowIfNegative(overlap);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(overlap * 2, side);
        var columns = Starts(width, side, overlap);
        return
        [
            .. from top in Starts(height, side, overlap)
               from left in columns
               select new Tile(left, top, Math.Min(side, width), Math.Min(side, height)),
        ];
    }

    /// <summary>Where tiles begin along one axis: evenly, the last one at the end.</summary>
    private static int[] Starts(int length, int side, int overlap)
    {
        if (length <= side)
        {
            return [0];
        }

        var count = 1 + ((length - side + side - overlap - 1) / (side - overlap));
        return [.. Enumerable.Range(0, count).Select(i => (int)((long)(length - side) * i / (count - 1)))];
    }
}
