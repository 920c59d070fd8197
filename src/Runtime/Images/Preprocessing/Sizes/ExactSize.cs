namespace Serving.Runtime.Images.Preprocessing.Sizes;

/// <summary>Every picture gets the same size, whatever its proportions.</summary>
internal sealed record ExactSize(ImageSize Size) : SizeRule
{
    public override ImageSize? Fixed => Size;

    public override ImageSize Of(ImageSize size) => Size;
}
