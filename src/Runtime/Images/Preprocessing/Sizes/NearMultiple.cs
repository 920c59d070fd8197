namespace Serving.Runtime.Images.Preprocessing.Sizes;

/// <summary>DPT's: a size, or one of the picture's proportions near it, with sides that are the nearest multiples of a number.</summary>
internal sealed record NearMultiple(ImageSize Target, bool KeepsProportions, int Multiple) : SizeRule
{
    public override ImageSize? Fixed => KeepsProportions ? null : Of(Target);

    public override ImageSize Of(ImageSize size)
    {
        var vertical = (double)Target.Height / size.Height;
        var horizontal = (double)Target.Width / size.Width;
        if (KeepsProportions)
        {
            // Of the two scales the one that changes the picture less.
            vertical = horizontal = Math.Abs(1 - horizontal) < Math.Abs(1 - vertical) ? horizontal : vertical;
        }

        return new ImageSize(Nearest(vertical * size.Height), Nearest(horizontal * size.Width));
    }

    private int Nearest(double side) => Whole(Math.Round(side / Multiple, MidpointRounding.ToEven) * Multiple);
}
