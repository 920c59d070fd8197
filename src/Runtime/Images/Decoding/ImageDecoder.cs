using System.Buffers;
using System.Globalization;
using Serving.Runtime.Inference;
using Serving.Runtime.Tensors;

namespace Serving.Runtime.Images.Decoding;

/// <summary>
/// Decodes JPEG, PNG, WebP and the first frame of GIF to red, green and blue, as Pillow's <c>Image.open</c>,
/// <c>ImageOps.exif_transpose</c> and <c>convert("RGB")</c> do. The size is read, and checked, before any pixel is decoded.
/// </summary>
/// <remarks>Works on the thread that calls, which it holds for 10 to 20 ms a million pixels.</remarks>
internal static unsafe class ImageDecoder
{
    // Decoded rows pass through a cache of this size on their way; arbitrary, within a core's own cache.
    private const int StripBytes = 128 * 1024;

    // Readers decode so many rows at once; strips that end within are decoded twice by some.
    private const int RowsAtOnce = 16;

    /// <summary>The picture, which the caller disposes, or a refusal: InvalidInput, TooLarge, or Unsupported where libvips is missing.</summary>
    /// <param name="limits">What is refused before it is decoded.</param>
    /// <param name="upright">Whether EXIF's orientation is followed.</param>
    public static Outcome<Raster> Decode(in ReadOnlySequence<byte> encoded, ImageLimits limits, bool upright = true)
    {
        if (encoded.IsSingleSegment)
        {
            return Decode(encoded.First, limits, upright);
        }

        if (CheckLength(encoded.Length, limits) is { } failure)
        {
            return failure;
        }

        using var whole = BufferPool.Shared.Rent(checked((int)encoded.Length));
        encoded.CopyTo(whole.GetSpan());
        return Decode(whole.Memory, limits, upright);
    }

    /// <inheritdoc cref="Decode(in ReadOnlySequence{byte}, ImageLimits, bool)"/>
    public static Outcome<Raster> Decode(ReadOnlyMemory<byte> encoded, ImageLimits limits, bool upright = true)
    {
        if (CheckLength(encoded.Length, limits) is { } tooLong)
        {
            return tooLong;
        }

        if (!FormatSniffer.Sniff(encoded.Span).TryGetValue(out var format, out var failure))
        {
            return failure;
        }

        if (VipsLibrary.Missing is { } missing)
        {
            return missing;
        }

        using var pin = encoded.Pin();
        using var image = VipsImage.Open((byte*)pin.Pointer, encoded.Length);
        return image is null
            ? Damaged(format, encoded.Length, "its header cannot be read")
            : Decode(image, format, encoded.Span, limits, upright);
    }

    private static Outcome<Raster> Decode(VipsImage image, ImageFormat format, ReadOnlySpan<byte> encoded, ImageLimits limits, bool upright)
    {
        if (CheckSize(image, format, limits) is { } failure)
        {
            return failure;
        }

        // A PNG of grey with 16 bits says so in its header's bit depth and colour type.
        var clipsGrey = format == ImageFormat.Png && encoded.Length > 25 && encoded[24] == 16 && encoded[25] == 0;
        if (RowConversions.For(image, clipsGrey) is not { } conversion)
        {
            return Damaged(format, encoded.Length, string.Create(CultureInfo.InvariantCulture, $"it has {image.Bands} samples a pixel of a kind that is not understood"));
        }

        var raster = new Raster(image.Width, image.Height, channels: 3);
        var clear = format == ImageFormat.Gif ? GifPalette.ClearColour(encoded) : default;
        if (!TryRead(image, conversion, clear, raster))
        {
            raster.Dispose();
            return Damaged(format, encoded.Length, string.Create(CultureInfo.InvariantCulture, $"its {image.Width}x{image.Height} pixels end early or are damaged"));
        }

        return upright ? Orientation.Apply(raster, image.Orientation) : raster;
    }

    private static bool TryRead(VipsImage image, RowConversion conversion, (byte, byte, byte) clear, Raster raster)
    {
        var rowBytes = image.Width * image.Bands * (image.SampleFormat == VipsImage.Bits16 ? 2 : 1);
        var rows = Math.Min(Math.Max(StripBytes / rowBytes / RowsAtOnce, 1) * RowsAtOnce, image.Height);
        using var strip = conversion == RowConversion.Copy ? null : BufferPool.Shared.Rent(checked(rows * rowBytes));
        for (var y = 0; y < image.Height; y += rows)
        {
            var count = Math.Min(rows, image.Height - y);
            var to = raster.Pixels.Slice(y * raster.Stride, count * raster.Stride);
            var samples = strip is null ? to : strip.GetSpan()[..(count * rowBytes)];
            if (!image.TryReadRows(y, samples, count))
            {
                return false;
            }

            if (strip is not null)
            {
                RowConversions.Apply(conversion, samples, image.Bands, to);
                RowConversions.FillClear(clear, samples, image.Bands, to);
            }
        }

        return true;
    }

    private static InferenceFailure? CheckLength(long length, ImageLimits limits) => length <= limits.MaxBytes
        ? null
        : InferenceFailure.TooLarge(string.Create(CultureInfo.InvariantCulture, $"the picture has {length} bytes; at most {limits.MaxBytes} are decoded"));

    private static InferenceFailure? CheckSize(VipsImage image, ImageFormat format, ImageLimits limits)
    {
        var most = Math.Min(limits.MaxPixels, ImageLimits.Ceiling);
        return (long)image.Width * image.Height <= most && Math.Max(image.Width, image.Height) <= limits.MaxSide
            ? null
            : InferenceFailure.TooLarge(string.Create(
                CultureInfo.InvariantCulture,
                $"the {FormatSniffer.Name(format)} picture has {image.Width}x{image.Height} pixels; at most {most} are decoded, and {limits.MaxSide} a side"));
    }

    private static InferenceFailure Damaged(ImageFormat format, int length, string what) => InferenceFailure.InvalidInput(
        string.Create(CultureInfo.InvariantCulture, $"the {FormatSniffer.Name(format)} picture of {length} bytes cannot be decoded: {what}"));
}
