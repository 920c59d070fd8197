using System.Buffers;
using System.Numerics.Tensors;

namespace Serving.Runtime.Images.Resampling;

/// <summary>
/// Brings a map of numbers (masks, depths, logits: rows x columns) to another size as PyTorch's
/// <c>torch.nn.functional.interpolate(align_corners=False)</c> does, which has no antialiasing: only the nearest
/// samples count however far the map shrinks. In 32-bit arithmetic and in PyTorch's order.
/// </summary>
internal static class MapInterpolation
{
    /// <summary>Interpolates.</summary>
    /// <param name="from">The map, row after row.</param>
    /// <param name="size">Its height and width.</param>
    /// <param name="to">Where the result goes.</param>
    /// <param name="newSize">The result's height and width.</param>
    public static void Resize(ReadOnlySpan<float> from, (int Height, int Width) size, Span<float> to, (int Height, int Width) newSize, InterpolationMode mode)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(from.Length, size.Height * size.Width);
        ArgumentOutOfRangeException.ThrowIfNotEqual(to.Length, newSize.Height * newSize.Width);
        var columns = new MapTaps(size.Width, newSize.Width, mode);
        var rows = new MapTaps(size.Height, newSize.Height, mode);

        // Input rows that are stretched already, one place for each row that an output row is made of.
        var stretched = ArrayPool<float>.Shared.Rent(rows.Count * newSize.Width);
        Span<int> held = stackalloc int[rows.Count];
        held.Fill(-1);
        for (var y = 0; y < newSize.Height; y++)
        {
            var sum = to.Slice(y * newSize.Width, newSize.Width);
            for (var tap = 0; tap < rows.Count; tap++)
            {
                var source = rows.Index(y, tap);

                // An input row always takes the same place, so that the next output row finds it.
                var place = source % rows.Count;
                var row = stretched.AsSpan(place * newSize.Width, newSize.Width);
                if (held[place] != source)
                {
                    Stretch(from.Slice(source * size.Width, size.Width), columns, row);
                    held[place] = source;
                }

                Add(row, rows.Weight(y, tap), sum, isFirst: tap == 0);
            }
        }

        ArrayPool<float>.Shared.Return(stretched);
    }

    private static void Stretch(ReadOnlySpan<float> row, MapTaps columns, Span<float> to)
    {
        for (var x = 0; x < to.Length; x++)
        {
            var sum = row[columns.Index(x, 0)] * columns.Weight(x, 0);
            for (var tap = 1; tap < columns.Count; tap++)
            {
                sum += row[columns.Index(x, tap)] * columns.Weight(x, tap);
            }

            to[x] = sum;
        }
    }

    private static void Add(ReadOnlySpan<float> row, float weight, Span<float> sum, bool isFirst)
    {
        if (isFirst)
        {
            TensorPrimitives.Multiply(row, weight, sum);
        }
        else
        {
            TensorPrimitives.MultiplyAdd(row, weight, sum, sum);
        }
    }
}
