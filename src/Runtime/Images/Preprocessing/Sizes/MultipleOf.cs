namespace Serving.Runtime.Images.Preprocessing.Sizes;

/// <summary>Brings the sides of another rule's size, or of the picture itself, to multiples of a number.</summary>
/// <param name="Inner">The rule that comes first; null: the picture's own size.</param>
/// <param name="Up">To the next multiple (MaskFormer), not the one before (GLPN).</param>
internal sealed record MultipleOf(SizeRule? Inner, int Multiple, bool Up) : SizeRule
{
    public override ImageSize? Fixed => Inner?.Fixed is { } size ? new ImageSize(Side(size.Height), Side(size.Width)) : null;

    public override ImageSize Of(ImageSize size)
    {
        var inner = Inner?.Of(size) ?? size;
        return new ImageSize(Side(inner.Height), Side(inner.Width));
    }

    private int Side(int side) => Whole(((long)side + (Up ? Multiple - 1 : 0)) / Multiple * (long)Multiple);
}
