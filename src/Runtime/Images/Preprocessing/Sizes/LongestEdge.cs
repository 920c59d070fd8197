namespace Serving.Runtime.Images.Preprocessing.Sizes;

/// <summary>The longer side gets a length and the shorter follows, rounded to the nearest pixel; as SAM's.</summary>
internal sealed record LongestEdge(int Edge) : SizeRule
{
    public override ImageSize Of(ImageSize size)
    {
        var scale = (double)Edge / size.Longer;
        return new ImageSize(Whole((size.Height * scale) + 0.5), Whole((size.Width * scale) + 0.5));
    }
}
