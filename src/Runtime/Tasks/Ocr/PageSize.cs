using Serving.Runtime.Images.Preprocessing;
using Serving.Runtime.Images.Preprocessing.Sizes;

namespace Serving.Runtime.Tasks.Ocr;

/// <summary>A page for the detector: no longer than a limit, both sides the nearest multiples of 32.</summary>
internal sealed record PageSize(int Longest) : SizeRule
{
    private const int Multiple = 32;

    public override ImageSize Of(ImageSize size)
    {
        var scale = Math.Min(1, (double)Longest / size.Longer);
        return new ImageSize(Side(size.Height * scale), Side(size.Width * scale));
    }

    private static int Side(double side) => Math.Max(Whole(Math.Round(side / Multiple)) * Multiple, Multiple);
}
