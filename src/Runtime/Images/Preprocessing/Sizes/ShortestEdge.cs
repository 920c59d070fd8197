namespace Serving.Runtime.Images.Preprocessing.Sizes;

/// <summary>The shorter side gets a length and the longer follows; as transformers' <c>get_resize_output_image_size</c>.</summary>
/// <param name="Edge">The shorter side, in pixels.</param>
/// <param name="Longest">The most that the longer side may have; both shrink where it would have more.</param>
internal sealed record ShortestEdge(int Edge, int? Longest = null) : SizeRule
{
    public override ImageSize Of(ImageSize size)
    {
        var (shorter, longer) = (Edge, Whole((double)((long)Edge * size.Longer) / size.Shorter));
        if (longer > Longest)
        {
            (shorter, longer) = (Whole((double)((long)Longest.Value * shorter) / longer), Longest.Value);
        }

        return size.Width <= size.Height ? new ImageSize(longer, shorter) : new ImageSize(shorter, longer);
    }
}
