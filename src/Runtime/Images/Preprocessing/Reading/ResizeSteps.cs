using Serving.Runtime.Images.Preprocessing.Sizes;
using Serving.Runtime.Images.Preprocessing.Steps;
using Serving.Runtime.Images.Resampling;
using Serving.Runtime.Tokenization.Loading;

namespace Serving.Runtime.Images.Preprocessing.Reading;

/// <summary>The steps that bring a picture to its size, as each kind of processor means its keys.</summary>
internal static class ResizeSteps
{
    // ConvNext takes pictures of this size and above whole.
    private const int CutsBelow = 384;

    public static IEnumerable<GeometryStep> Of(JsonPart root, ProcessorFamily family, ResampleFilter filter)
    {
        switch (family.Style)
        {
            case ResizeStyle.Mirror:
                return [];
            case ResizeStyle.Glpn:
                return [new ResizeStep(new MultipleOf(null, Divisor(root, family), Up: false), filter)];
            case ResizeStyle.ConvNext:
                return ConvNext(Edge(root, family), Share(root, family), filter);
            case ResizeStyle.Donut:
                return Donut(root, family, filter);
            default:
                return [new ResizeStep(Rule(root, family), filter)];
        }
    }

    /// <summary>The border of grey levels that comes before they are normalised.</summary>
    public static IEnumerable<GeometryStep> Padding(JsonPart root, ProcessorFamily family)
    {
        if (!Pads(root, family))
        {
            return [];
        }

        return family.Style switch
        {
            ResizeStyle.Mirror => [new MirrorStep(root.Find("pad_size") is { Value.ValueKind: System.Text.Json.JsonValueKind.Number } size ? Positive(size) : Divisor(root, family))],
            ResizeStyle.Donut => [new CanvasStep(Page(root, family), 0, CanvasMiddle.Up)],
            _ => [],
        };
    }

    /// <summary>The border of zeros that comes last.</summary>
    public static TensorBorder? Border(JsonPart root, ProcessorFamily family)
    {
        if (!Pads(root, family) || family.Style is ResizeStyle.Mirror or ResizeStyle.Donut)
        {
            return null;
        }

        if (family.Style == ResizeStyle.Dpt)
        {
            return new TensorBorder(null, Divisor(root, family), IsCentred: true);
        }

        var size = root.Find("pad_size") is { } part ? SizePart.Read(part, isShortest: false) : family.Style == ResizeStyle.Sam ? SizePart.Exact(family.Edge, family.Edge) : null;
        return new TensorBorder(size is { Height: { } height, Width: { } width } ? new ImageSize(height, width) : null);
    }

    private static SizeRule Rule(JsonPart root, ProcessorFamily family)
    {
        var size = Size(root, family);
        return (family.Style, size) switch
        {
            (ResizeStyle.Dpt, { Height: { } height, Width: { } width }) => new NearMultiple(
                new ImageSize(height, width), root.Find("keep_aspect_ratio")?.Flag() ?? false, root.Find("ensure_multiple_of") is { } multiple ? Positive(multiple) : 1),
            (_, { Height: { } height, Width: { } width }) => new ExactSize(new ImageSize(height, width)),
            (_, { Bounds: { } bounds }) => new FitWithin(bounds),
            (ResizeStyle.Levit, { Shortest: { } edge }) => new ShortestEdge((int)(256.0 / 224 * edge)),
            (ResizeStyle.PoolFormer, { Shortest: { } edge }) => new ShortestEdge((int)(edge / Share(root, family))),
            (ResizeStyle.Detector, { Shortest: { } edge }) => new DetectorSize(edge, size.Longest),
            (ResizeStyle.Yolos, { Shortest: { } edge }) => new DetectorSize(edge, size.Longest, Multiple: 16),
            (ResizeStyle.Segmenter, { Shortest: { } edge }) => new MultipleOf(new ShortestEdge(edge, size.Longest), Divisor(root, family), Up: true),
            (_, { Shortest: { } edge }) => new ShortestEdge(edge, size.Longest),
            (_, { Longest: { } edge }) => new LongestEdge(edge),
            _ => throw root.Error("size: cannot be used"),
        };
    }

    private static IEnumerable<GeometryStep> ConvNext(int edge, double share, ResampleFilter filter) => edge >= CutsBelow
        ? [new ResizeStep(new ExactSize(new ImageSize(edge, edge)), filter)]
        : [new ResizeStep(new ShortestEdge((int)(edge / share)), filter), new CanvasStep(new ImageSize(edge, edge), 0, CanvasMiddle.Down)];

    private static IEnumerable<GeometryStep> Donut(JsonPart root, ProcessorFamily family, ResampleFilter filter)
    {
        if (root.Find("do_align_long_axis") is { } turns && turns.Flag())
        {
            throw turns.Error("turning pictures is not supported");
        }

        var page = Page(root, family);
        var resize = new ResizeStep(new ShortestEdge(page.Shorter), filter);
        return root.Find("do_thumbnail")?.Flag() ?? true ? [resize, new ResizeStep(new FitWithin(page, Enlarges: false), filter)] : [resize];
    }

    private static ImageSize Page(JsonPart root, ProcessorFamily family)
    {
        // Donut's older files have lists with the width first.
        var size = root.Find("size") is { } part ? SizePart.Read(part, isShortest: false, isWidthFirst: true) : null;
        return new ImageSize(size?.Height ?? family.Height!.Value, size?.Width ?? family.Edge);
    }

    private static SizePart Size(JsonPart root, ProcessorFamily family)
    {
        int? longest = root.Find("max_size") is { } most ? Positive(most) : null;
        return root.Find("size") is { } part
            ? SizePart.Read(part, family.EdgeIsShortest, longest)
            : family.Style == ResizeStyle.Sam
                ? new SizePart(null, null, null, family.Edge, null)
                : family.EdgeIsShortest ? SizePart.Edge(family.Edge, family.Longest) : SizePart.Exact(family.Edge, family.Edge);
    }

    private static int Edge(JsonPart root, ProcessorFamily family)
    {
        var size = Size(root, family);
        return size.Shortest ?? size.Height ?? family.Edge;
    }

    private static double Share(JsonPart root, ProcessorFamily family) => root.Find("crop_pct") is not { } part
        ? family.CropShare
        : part.Score() is var share and > 0 and <= 1 ? share : throw part.Error("must be above 0 and at most 1");

    private static bool Pads(JsonPart root, ProcessorFamily family) =>
        (root.Find("do_pad") ?? root.Find("pad_and_return_pixel_mask"))?.Flag() ?? family.Pads;

    private static int Divisor(JsonPart root, ProcessorFamily family) => root.Find("size_divisor") is { } part ? Positive(part) : family.Divisor;

    private static int Positive(JsonPart part) => part.Number() is var number and > 0 and <= 16_384 ? number : throw part.Error("must be from 1 to 16384");
}
