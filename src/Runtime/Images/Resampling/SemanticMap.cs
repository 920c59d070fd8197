using System.Numerics.Tensors;

namespace Serving.Runtime.Images.Resampling;

/// <summary>
/// Finds each pixel's class: the scores of all classes are enlarged bilinearly to the picture's size and compared there. Row by
/// row, so that no more than a few rows of scores are in memory, however many classes and pixels there are.
/// </summary>
internal static class SemanticMap
{
    /// <summary>The number of the best class of each pixel, row after row.</summary>
    /// <param name="scores">Class after class, each of <paramref name="size"/>.</param>
    /// <param name="size">Height and width of a class' scores.</param>
    /// <param name="content">The part of them, from above on the left, that shows the picture.</param>
    /// <param name="picture">Height and width of the picture.</param>
    public static ushort[] Best(ReadOnlySpan<float> scores, (int Height, int Width) size, (int Height, int Width) content, (int Height, int Width) picture)
    {
        var classes = scores.Length / (size.Height * size.Width);
        var rows = new MapTaps(content.Height, picture.Height, InterpolationMode.Bilinear);
        var columns = new MapTaps(content.Width, picture.Width, InterpolationMode.Bilinear);
        var best = new ushort[picture.Height * picture.Width];
        var highest = new float[picture.Width];
        var row = new float[content.Width];
        for (var y = 0; y < picture.Height; y++)
        {
            highest.AsSpan().Fill(float.NegativeInfinity);
            var classOf = best.AsSpan(y * picture.Width, picture.Width);
            for (var c = 0; c < classes; c++)
            {
                var map = scores.Slice(c * size.Height * size.Width, size.Height * size.Width);
                TensorPrimitives.Multiply(map.Slice(rows.Index(y, 0) * size.Width, content.Width), rows.Weight(y, 0), row);
                TensorPrimitives.MultiplyAdd(map.Slice(rows.Index(y, 1) * size.Width, content.Width), rows.Weight(y, 1), row, row);
                Compare(row, columns, (ushort)c, highest, classOf);
            }
        }

        return best;
    }

    private static void Compare(ReadOnlySpan<float> row, MapTaps columns, ushort number, Span<float> highest, Span<ushort> best)
    {
        for (var x = 0; x < best.Length; x++)
        {
            var value = (row[columns.Index(x, 0)] * columns.Weight(x, 0)) + (row[columns.Index(x, 1)] * columns.Weight(x, 1));
            if (value > highest[x])
            {
                highest[x] = value;
                best[x] = number;
            }
        }
    }
}
