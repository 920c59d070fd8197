namespace Serving.Runtime.Images.Preprocessing.Steps;

/// <summary>One step that changes a picture's size. Sizes are known before anything is computed, so that absurd ones are refused.</summary>
internal abstract record GeometryStep
{
    /// <summary>The size that every picture has afterwards, where there is one.</summary>
    public virtual ImageSize? Fixed => null;

    public abstract ImageSize Of(ImageSize size);

    /// <summary>Where the picture is afterwards.</summary>
    public abstract Placement Place(Placement placement, ImageSize size);

    /// <summary>A new picture, the caller's to dispose; the one given stays the caller's.</summary>
    public abstract Raster Apply(Raster raster);
}
