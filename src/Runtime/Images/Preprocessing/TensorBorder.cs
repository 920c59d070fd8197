namespace Serving.Runtime.Images.Preprocessing;

/// <summary>What is added to a picture's values after they are normalised: zeros, which models take for nothing at all.</summary>
/// <param name="Size">The size that every picture gets; null: see <paramref name="Multiple"/>.</param>
/// <param name="Multiple">Sides grow to the next multiple of this.</param>
/// <param name="IsCentred">Whether the picture lies in the middle (DPT), not above on the left.</param>
internal sealed record TensorBorder(ImageSize? Size, int Multiple = 1, bool IsCentred = false)
{
    public ImageSize Of(ImageSize size) => Size ?? new ImageSize(Side(size.Height), Side(size.Width));

    private int Side(int side) => (side + Multiple - 1) / Multiple * Multiple;
}
