namespace Serving.Runtime.Images.Preprocessing.Sizes;

/// <summary>The shorter side gets a length unless the longer would exceed another; as DETR's <c>get_size_with_aspect_ratio</c>.</summary>
/// <param name="Shortest">The shorter side, in pixels.</param>
/// <param name="Longest">The most that the longer side may have; null: any.</param>
/// <param name="Multiple">YOLOS cuts both sides down to a multiple of this; 1 elsewhere.</param>
internal sealed record DetectorSize(int Shortest, int? Longest, int Multiple = 1) : SizeRule
{
    public override ImageSize Of(ImageSize size)
    {
        double exact = Shortest;
        var shorter = Shortest;
        if (Longest is { } longest && (double)size.Longer / size.Shorter * Shortest > longest)
        {
            exact = (double)longest * size.Shorter / size.Longer;
            shorter = (int)Math.Round(exact, MidpointRounding.ToEven);
        }

        var fitted = size.Shorter == shorter
            ? size
            : size.Width < size.Height
                ? new ImageSize(Whole(exact * size.Height / size.Width), shorter)
                : new ImageSize(shorter, Whole(exact * size.Width / size.Height));
        return new ImageSize(fitted.Height - (fitted.Height % Multiple), fitted.Width - (fitted.Width % Multiple));
    }
}
