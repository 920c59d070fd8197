using Serving.Runtime.Images.Preprocessing;
using Serving.Runtime.Images.Preprocessing.Sizes;

namespace Serving.Runtime.Tasks.Ocr;

/// <summary>A line of a fixed height; the width follows, up to a limit.</summary>
internal sealed record LineSize(int Height, int Longest) : SizeRule
{
    public override ImageSize Of(ImageSize size) => new(Height, Math.Clamp(Whole(Math.Ceiling((double)Height * size.Width / size.Height)), 1, Longest));
}
