using System.Globalization;

namespace Serving.Runtime.Images.Preprocessing;

/// <summary>A picture's size in pixels.</summary>
internal readonly record struct ImageSize(int Height, int Width)
{
    public int Shorter => Math.Min(Height, Width);

    public int Longer => Math.Max(Height, Width);

    public long Pixels => (long)Height * Width;

    /// <summary>Width x height, as pictures' sizes are written.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Width}x{Height}");
}
