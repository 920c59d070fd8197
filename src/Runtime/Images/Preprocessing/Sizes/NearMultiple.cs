namespace Serving.Runtime.Images.Preprocessing.Sizes;

/// <summary>DPT's: a size, or one of the picture's proportions near it, with sides that are the nearest multiples of a number.</summary>
internal sealed record NearMultiple(ImageSize Target, bool KeepsProportions, int Multiple) : SizeRule
{
    public override ImageSize? Fixed => KeepsProportions ? null : Of(Target);

    public override ImageSize Of(ImageSize size)
    {
        if (!KeepsProportions)
        {
            return new ImageSize(Nearest(Target.Height), Nearest(Target.Width));
        }

        // Of the two scales the one that changes the picture less.
        var vertical = (double)Target.Height / size.Height;
        var horizontal = (double)Target.Width / size.Width;
        var scale = Math.Abs(1 - horizontal) < Math.Abs(1 - vertical) ? horizontal : vertical;
        return new ImageSize(Nearest(scale * size.Height), Nearest(scale * size.Width));
    }

    private int Nearest(double side) => Whole(Math.Round(side / Multiple, MidpointRounding.ToEven) * Multiple);
}
