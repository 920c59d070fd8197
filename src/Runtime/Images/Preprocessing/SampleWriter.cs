using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Serving.Runtime.Tensors;

namespace Serving.Runtime.Images.Preprocessing;

/// <summary>Writes a picture as a tensor: each sample through the plan's table, colours apart or together, in the graph's type.</summary>
internal static class SampleWriter
{
    public static void Write(Raster raster, ImagePreprocessor plan, ImageSize size, int left, int top, Span<byte> tensor)
    {
        if (size.Height != raster.Height || size.Width != raster.Width)
        {
            tensor.Clear();
        }

        switch (plan.Input.Type)
        {
            case ElementType.Float32:
                Write(raster, plan, static value => value, size, left, top, MemoryMarshal.Cast<byte, float>(tensor));
                break;
            case ElementType.Float16:
                Write(raster, plan, static value => (Half)value, size, left, top, MemoryMarshal.Cast<byte, Half>(tensor));
                break;
            default:
                Write(raster, plan, static value => (byte)Math.Clamp(MathF.Round(value), 0, 255), size, left, top, tensor);
                break;
        }
    }

    private static void Write<T>(Raster raster, ImagePreprocessor plan, Func<float, T> convert, ImageSize size, int left, int top, Span<T> tensor)
        where T : unmanaged
    {
        Span<T> values = stackalloc T[256];
        for (var channel = 0; channel < plan.Input.Channels; channel++)
        {
            var colour = plan.FlipsChannels ? plan.Input.Channels - 1 - channel : channel;
            for (var level = 0; level < values.Length; level++)
            {
                values[level] = convert(plan.Samples.Of(colour)[level]);
            }

            var (step, start) = plan.Input.ChannelsLast
                ? (plan.Input.Channels, (((top * size.Width) + left) * plan.Input.Channels) + channel)
                : (1, (channel * (int)size.Pixels) + (top * size.Width) + left);
            for (var y = 0; y < raster.Height; y++)
            {
                WriteRow(raster.Row(y)[colour..], raster.Channels, values, tensor[(start + (y * size.Width * step))..], step, raster.Width);
            }
        }
    }

    private static void WriteRow<T>(ReadOnlySpan<byte> row, int channels, ReadOnlySpan<T> values, Span<T> to, int step, int count)
        where T : unmanaged
    {
        ref var table = ref MemoryMarshal.GetReference(values);
        for (int x = 0, from = 0, at = 0; x < count; x++, from += channels, at += step)
        {
            // A byte is always within the 256 values.
            to[at] = Unsafe.Add(ref table, row[from]);
        }
    }
}
