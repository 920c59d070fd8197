namespace Serving.Runtime.Images.Resampling;

/// <summary>
/// Resizes pictures of 8-bit samples as Pillow's <c>Image.resize</c> does, bit for bit: first along rows, then along columns,
/// each pass rounded to whole grey levels.
/// </summary>
internal static class Resampler
{
    /// <summary>The picture in another size, as a new one that the caller disposes.</summary>
    public static Raster Resize(Raster from, int width, int height, ResampleFilter filter)
    {
        if (width == from.Width && height == from.Height)
        {
            return Copy(from);
        }

        return filter == ResampleFilter.Nearest ? Nearest(from, width, height) : Filtered(from, width, height, filter);
    }

    private static Raster Copy(Raster from)
    {
        var to = new Raster(from.Width, from.Height, from.Channels);
        from.Pixels.CopyTo(to.Pixels);
        return to;
    }

    private static Raster Filtered(Raster from, int width, int height, ResampleFilter filter)
    {
        if (height == from.Height)
        {
            return Narrow(from, width, filter);
        }

        var vertical = new ResampleWeights(from.Height, height, filter);
        if (width == from.Width)
        {
            return Shorten(from, vertical);
        }

        using var between = Narrow(from, width, filter);
        return Shorten(between, vertical);
    }

    private static Raster Narrow(Raster from, int width, ResampleFilter filter)
    {
        var to = new Raster(width, from.Height, from.Channels);
        HorizontalPass.Run(from, to, new ResampleWeights(from.Width, width, filter));
        return to;
    }

    private static Raster Shorten(Raster from, ResampleWeights vertical)
    {
        var to = new Raster(from.Width, vertical.Outputs, from.Channels);
        VerticalPass.Run(from, to, vertical);
        return to;
    }

    private static Raster Nearest(Raster from, int width, int height)
    {
        var to = new Raster(width, height, from.Channels);
        var columns = NearestIndices(from.Width, width);
        var rows = NearestIndices(from.Height, height);
        for (var y = 0; y < height; y++)
        {
            if (y > 0 && rows[y] == rows[y - 1])
            {
                to.Row(y - 1).CopyTo(to.Row(y));
                continue;
            }

            var row = from.Row(rows[y]);
            var target = to.Row(y);
            for (var x = 0; x < width; x++)
            {
                row.Slice(columns[x] * from.Channels, from.Channels).CopyTo(target[(x * from.Channels)..]);
            }
        }

        return to;
    }

    /// <summary>Which input sample lies nearest to each output sample. Positions are added up as Pillow does, rounding errors included.</summary>
    private static int[] NearestIndices(int input, int output)
    {
        var indices = new int[output];
        var step = (double)input / output;
        var position = step * 0.5;
        foreach (ref var index in indices.AsSpan())
        {
            index = Math.Min((int)position, input - 1);
            position += step;
        }

        return indices;
    }
}
