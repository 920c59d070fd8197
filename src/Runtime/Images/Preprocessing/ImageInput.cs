using Serving.Runtime.Tensors;

namespace Serving.Runtime.Images.Preprocessing;

/// <summary>How a graph takes pictures, read from its input's type and shape.</summary>
/// <param name="Type">Float32, Float16 or UInt8.</param>
/// <param name="Channels">3, or 1 for grey.</param>
/// <param name="ChannelsLast">Whether a pixel's samples lie beside one another (NHWC), not each colour apart (NCHW).</param>
/// <param name="Height">The only height that the graph takes; null: any.</param>
/// <param name="Width">The only width that the graph takes; null: any.</param>
internal sealed record ImageInput(ElementType Type, int Channels, bool ChannelsLast, int? Height, int? Width)
{
    /// <summary>Bytes of a sample.</summary>
    public int SampleBytes => Type switch { ElementType.Float32 => 4, ElementType.Float16 => 2, _ => 1 };

    /// <summary>Reads a signature of 4 axes, or of 5 with frames behind the batch; null where it cannot be of pictures.</summary>
    public static ImageInput? Of(ElementType type, TensorShape shape)
    {
        if (shape.Rank is not (4 or 5) || type is not (ElementType.Float32 or ElementType.Float16 or ElementType.UInt8))
        {
            return null;
        }

        var (first, middle, last) = (shape[shape.Rank - 3], shape[shape.Rank - 2], shape[shape.Rank - 1]);
        var isLast = first is not (1 or 3) && last is 1 or 3;
        var channels = isLast ? last : first;
        if (channels is not (1 or 3 or -1))
        {
            return null;
        }

        var (height, width) = isLast ? (first, middle) : (middle, last);
        return new ImageInput(type, channels == 1 ? 1 : 3, isLast, Side(height), Side(width));
    }

    /// <summary>The extents of a picture.</summary>
    public TensorShape Shape(int pictures, ImageSize size) => ChannelsLast
        ? new TensorShape(pictures, size.Height, size.Width, Channels)
        : new TensorShape(pictures, Channels, size.Height, size.Width);

    private static int? Side(long extent) => extent is > 0 and <= int.MaxValue ? (int)extent : null;
}
