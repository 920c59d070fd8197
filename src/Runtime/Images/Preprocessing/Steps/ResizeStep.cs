using Serving.Runtime.Images.Preprocessing.Sizes;
using Serving.Runtime.Images.Resampling;

namespace Serving.Runtime.Images.Preprocessing.Steps;

/// <summary>Resamples a picture to the size that a rule says.</summary>
internal sealed record ResizeStep(SizeRule Rule, ResampleFilter Filter) : GeometryStep
{
    public override ImageSize? Fixed => Rule.Fixed;

    public override ImageSize Of(ImageSize size) => Rule.Of(size);

    public override Placement Place(Placement placement, ImageSize size) => placement.Scaled(size, Rule.Of(size));

    public override Raster Apply(Raster raster)
    {
        var size = Rule.Of(new ImageSize(raster.Height, raster.Width));
        return Resampler.Resize(raster, size.Width, size.Height, Filter);
    }
}
