namespace Serving.Runtime.Images.Decoding;

/// <summary>EXIF's eight orientations: how a picture's rows and columns are to be laid for a viewer.</summary>
internal static class Orientation
{
    /// <summary>
    /// The picture upright, as Pillow's <c>exif_transpose</c> lays it: itself for orientation 1, otherwise a new one, and the
    /// one given is disposed.
    /// </summary>
    /// <param name="orientation">1: upright; 2: mirrored; 3: upside down; 4: upside down, mirrored; 5 to 8: rows are columns.</param>
    public static Raster Apply(Raster raster, int orientation)
    {
        if (orientation is < 2 or > 8)
        {
            return raster;
        }

        using (raster)
        {
            return Turn(raster, orientation);
        }
    }

    private static Raster Turn(Raster from, int orientation)
    {
        var swaps = orientation >= 5;
        var to = swaps ? new Raster(from.Height, from.Width, from.Channels) : new Raster(from.Width, from.Height, from.Channels);

        // Where a pixel of the upright picture comes from: along x and along y, from either end.
        var fromRight = orientation is 2 or 3 or 7 or 8;
        var fromBottom = orientation is 3 or 4 or 6 or 7;
        var stepX = (fromRight ? -1 : 1) * from.Channels;
        var stepY = (fromBottom ? -1 : 1) * from.Stride;
        var start = (fromRight ? from.Stride - from.Channels : 0) + (fromBottom ? (from.Height - 1) * from.Stride : 0);
        var (alongRow, alongColumn) = swaps ? (stepY, stepX) : (stepX, stepY);
        for (var y = 0; y < to.Height; y++, start += alongColumn)
        {
            CopyRow(from.Pixels, start, alongRow, to.Row(y), to.Channels);
        }

        return to;
    }

    private static void CopyRow(ReadOnlySpan<byte> from, int at, int step, Span<byte> to, int channels)
    {
        for (var o = 0; o < to.Length; o += channels, at += step)
        {
            from.Slice(at, channels).CopyTo(to.Slice(o, channels));
        }
    }
}
