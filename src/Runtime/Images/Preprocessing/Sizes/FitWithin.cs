namespace Serving.Runtime.Images.Preprocessing.Sizes;

/// <summary>The largest size with the picture's proportions that fits into another.</summary>
/// <param name="Bounds">The size to fit into.</param>
/// <param name="Enlarges">Whether smaller pictures grow; Donut's thumbnails do not.</param>
/// <param name="Rounds">Whether sides are rounded to the nearest pixel, as for YOLO's letterbox, not down.</param>
internal sealed record FitWithin(ImageSize Bounds, bool Enlarges = true, bool Rounds = false) : SizeRule
{
    public override ImageSize Of(ImageSize size)
    {
        if (!Enlarges)
        {
            return Thumbnail(size);
        }

        var scale = Math.Min((double)Bounds.Height / size.Height, (double)Bounds.Width / size.Width);
        var half = Rounds ? 0.5 : 0;
        return new ImageSize(Math.Max(Whole((size.Height * scale) + half), 1), Math.Max(Whole((size.Width * scale) + half), 1));
    }

    /// <summary>As Donut's <c>thumbnail</c>: cuts one side, then lets the other follow from the first as it was.</summary>
    private ImageSize Thumbnail(ImageSize size)
    {
        var (height, width) = (Math.Min(size.Height, Bounds.Height), Math.Min(size.Width, Bounds.Width));
        if (height == size.Height && width == size.Width)
        {
            return size;
        }

        return size.Height > size.Width
            ? new ImageSize(height, Whole((double)((long)size.Width * height) / size.Height))
            : size.Width > size.Height
                ? new ImageSize(Whole((double)((long)size.Height * width) / size.Width), width)
                : new ImageSize(height, width);
    }
}
