namespace Serving.Runtime.Images;

/// <summary>Changes between colours and grey.</summary>
internal static class Colours
{
    /// <summary>The picture in grey, as a new one, with Pillow's weights (ITU-R 601-2, rounded to 16 bits behind the point).</summary>
    public static Raster ToGrey(Raster picture)
    {
        var grey = new Raster(picture.Width, picture.Height, 1);
        var from = picture.Pixels;
        var to = grey.Pixels;
        if (picture.Channels == 1)
        {
            from.CopyTo(to);
            return grey;
        }

        for (int i = 0, o = 0; o < to.Length; i += 3, o++)
        {
            to[o] = (byte)(((from[i] * 19595) + (from[i + 1] * 38470) + (from[i + 2] * 7471) + 0x8000) >> 16);
        }

        return grey;
    }
}
