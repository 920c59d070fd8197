namespace Serving.Runtime.Images.Preprocessing.Steps;

/// <summary>Lays a picture in the middle of a canvas of a size: what is larger is cut off, what is smaller gets a border of one grey level.</summary>
/// <param name="Canvas">The size.</param>
/// <param name="Fill">The grey level of the border.</param>
/// <param name="Middle">To which side an odd pixel goes.</param>
internal sealed record CanvasStep(ImageSize Canvas, byte Fill, CanvasMiddle Middle) : GeometryStep
{
    public override ImageSize? Fixed => Canvas;

    public override ImageSize Of(ImageSize size) => Canvas;

    public override Placement Place(Placement placement, ImageSize size) =>
        placement.Moved(-Start(size.Width, Canvas.Width), -Start(size.Height, Canvas.Height));

    public override Raster Apply(Raster raster)
    {
        var to = new Raster(Canvas.Width, Canvas.Height, raster.Channels);
        var (top, left) = (Start(raster.Height, Canvas.Height), Start(raster.Width, Canvas.Width));
        var (first, last) = (Math.Max(left, 0), Math.Min(left + Canvas.Width, raster.Width));
        if (raster.Height < Canvas.Height || raster.Width < Canvas.Width)
        {
            to.Pixels.Fill(Fill);
        }

        for (var y = Math.Max(-top, 0); y < Canvas.Height && y + top < raster.Height; y++)
        {
            raster.Row(y + top)[(first * raster.Channels)..(last * raster.Channels)].CopyTo(to.Row(y)[((first - left) * raster.Channels)..]);
        }

        return to;
    }

    /// <summary>Where the canvas begins on the picture; negative where it begins outside.</summary>
    private int Start(int side, int canvas) => Middle switch
    {
        CanvasMiddle.Down => (side - canvas) >> 1,
        CanvasMiddle.Up => -((canvas - side) >> 1),
        _ => (int)Math.Round((side - canvas) / 2.0, MidpointRounding.ToEven),
    };
}
