namespace Serving.Runtime.Images.Preprocessing;

/// <summary>
/// Where a picture lies in the tensor that was made of it: a point (x, y) of the picture, in pixels, is at
/// (x * ScaleX + Left, y * ScaleY + Top) of the tensor. What a model finds is taken back to the picture by this.
/// </summary>
internal readonly record struct Placement(double ScaleX, double ScaleY, double Left, double Top)
{
    public static Placement Same { get; } = new(1, 1, 0, 0);

    public Placement Scaled(ImageSize from, ImageSize to)
    {
        var (x, y) = ((double)to.Width / from.Width, (double)to.Height / from.Height);
        return new Placement(ScaleX * x, ScaleY * y, Left * x, Top * y);
    }

    public Placement Moved(int left, int top) => this with { Left = Left + left, Top = Top + top };

    /// <summary>The point of the picture that lies at a point of the tensor.</summary>
    public (double X, double Y) ToPicture(double x, double y) => ((x - Left) / ScaleX, (y - Top) / ScaleY);
}
