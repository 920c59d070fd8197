namespace Serving.Runtime.Images.Preprocessing.Sizes;

/// <summary>Says to which size a picture of a given size is brought.</summary>
internal abstract record SizeRule
{
    /// <summary>The new size. A side of less than one pixel is the caller's to refuse.</summary>
    public abstract ImageSize Of(ImageSize size);

    /// <summary>The size that every picture gets, where there is one.</summary>
    public virtual ImageSize? Fixed => null;

    /// <summary>A product without its fraction, as Python's <c>int</c>. Sides beyond every limit stay so.</summary>
    protected static int Whole(double value) => (int)Math.Clamp(value, 0, int.MaxValue);
}
