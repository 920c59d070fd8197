namespace Serving.Runtime.Images.Preprocessing.Steps;

/// <summary>
/// Adds to the right and below what lies before the border, mirrored, up to the next multiple of a number; a side that is a
/// multiple gets one more, as Swin2SR's padding does.
/// </summary>
internal sealed record MirrorStep(int Multiple) : GeometryStep
{
    public override ImageSize Of(ImageSize size) => new(Side(size.Height), Side(size.Width));

    public override Placement Place(Placement placement, ImageSize size) => placement;

    public override Raster Apply(Raster raster)
    {
        var to = new Raster(Side(raster.Width), Side(raster.Height), raster.Channels);
        for (var y = 0; y < to.Height; y++)
        {
            var from = raster.Row(Mirror(y, raster.Height));
            var row = to.Row(y);
            from.CopyTo(row);
            for (var x = raster.Width; x < to.Width; x++)
            {
                from.Slice(Mirror(x, raster.Width) * raster.Channels, raster.Channels).CopyTo(row[(x * raster.Channels)..]);
            }
        }

        return to;
    }

    private int Side(int side) => ((side / Multiple) + 1) * Multiple;

    /// <summary>The picture and its mirror image follow one another without end; the border pixel is mirrored too.</summary>
    private static int Mirror(int position, int side)
    {
        var within = position % (2 * side);
        return within < side ? within : (2 * side) - 1 - within;
    }
}
