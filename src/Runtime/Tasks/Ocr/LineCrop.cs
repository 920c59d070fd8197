using Serving.Runtime.Images;

namespace Serving.Runtime.Tasks.Ocr;

/// <summary>Cuts a turned rectangle out of a picture and lays it upright, by bilinear interpolation. Outside of the picture its border goes on.</summary>
internal static class LineCrop
{
    /// <summary>The line as a picture of its own, the caller's to dispose.</summary>
    public static Raster Cut(Raster picture, Quad place)
    {
        var (width, height) = (Side(place.Width, picture), Side(place.Height, picture));
        var crop = new Raster(width, height, picture.Channels);
        var alongX = (place.TopRight.X - place.TopLeft.X) / width;
        var alongY = (place.TopRight.Y - place.TopLeft.Y) / width;
        var downX = (place.BottomLeft.X - place.TopLeft.X) / height;
        var downY = (place.BottomLeft.Y - place.TopLeft.Y) / height;
        for (var y = 0; y < height; y++)
        {
            var row = crop.Row(y);
            for (var x = 0; x < width; x++)
            {
                var fromX = place.TopLeft.X + (alongX * (x + 0.5)) + (downX * (y + 0.5)) - 0.5;
                var fromY = place.TopLeft.Y + (alongY * (x + 0.5)) + (downY * (y + 0.5)) - 0.5;
                Sample(picture, (float)fromX, (float)fromY, row.Slice(x * picture.Channels, picture.Channels));
            }
        }

        return crop;
    }

    /// <summary>A side in whole pixels; no line is longer than the picture's own sides together.</summary>
    private static int Side(double length, Raster picture) => (int)Math.Clamp(Math.Round(length), 1, picture.Width + picture.Height);

    private static void Sample(Raster picture, float x, float y, Span<byte> pixel)
    {
        x = Math.Clamp(x, 0, picture.Width - 1);
        y = Math.Clamp(y, 0, picture.Height - 1);
        var (left, top) = ((int)x, (int)y);
        var (right, bottom) = (Math.Min(left + 1, picture.Width - 1), Math.Min(top + 1, picture.Height - 1));
        var (behindX, behindY) = (x - left, y - top);
        var above = picture.Row(top);
        var below = picture.Row(bottom);
        for (var channel = 0; channel < pixel.Length; channel++)
        {
            var (a, b) = (above[(left * pixel.Length) + channel], above[(right * pixel.Length) + channel]);
            var (c, d) = (below[(left * pixel.Length) + channel], below[(right * pixel.Length) + channel]);
            var upper = a + ((b - a) * behindX);
            pixel[channel] = (byte)(upper + ((c + ((d - c) * behindX) - upper) * behindY) + 0.5f);
        }
    }
}
