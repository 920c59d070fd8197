using Serving.Runtime.Tensors;

namespace Serving.Runtime.Images;

/// <summary>
/// A picture of 8-bit samples, interleaved, row after row from the top without gaps: height x width x channels bytes of
/// pooled memory. Who has it disposes it; its spans are not to be used afterwards.
/// </summary>
internal sealed class Raster : IDisposable
{
    private readonly PooledBuffer _buffer;

    /// <summary>A picture whose samples are whatever was in the memory before.</summary>
    /// <param name="width">In pixels, at least 1.</param>
    /// <param name="height">In pixels, at least 1.</param>
    /// <param name="channels">1 for grey, 3 for red, green and blue.</param>
    /// <exception cref="OverflowException">The picture has more than 2 GB; decoders refuse it before.</exception>
    public Raster(int width, int height, int channels)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(channels);
        Width = width;
        Height = height;
        Channels = channels;
        _buffer = BufferPool.Shared.Rent(checked(width * height * channels));
    }

    public int Width { get; }

    public int Height { get; }

    public int Channels { get; }

    /// <summary>Bytes of a row.</summary>
    public int Stride => Width * Channels;

    public Span<byte> Pixels => _buffer.GetSpan();

    public Span<byte> Row(int y) => Pixels.Slice(y * Stride, Stride);

    public void Dispose() => _buffer.Dispose();
}
