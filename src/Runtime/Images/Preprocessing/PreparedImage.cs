using Serving.Runtime.Tensors;

namespace Serving.Runtime.Images.Preprocessing;

/// <summary>A picture in the size that a graph takes, not yet written as numbers. Who has it disposes it.</summary>
internal sealed class PreparedImage : IDisposable
{
    private readonly ImagePreprocessor _plan;
    private readonly Raster _raster;
    private readonly int _top;
    private readonly int _left;

    internal PreparedImage(ImagePreprocessor plan, Raster raster, ImageSize original, Placement placement, ImageSize size)
    {
        _plan = plan;
        _raster = raster;
        (_top, _left) = plan.Border is { IsCentred: true } ? ((size.Height - raster.Height) / 2, (size.Width - raster.Width) / 2) : (0, 0);
        Frame = new PictureFrame(original, size, new ImageSize(raster.Height, raster.Width), placement.Moved(_left, _top));
    }

    /// <summary>The sizes and places that an answer needs to be taken back to the picture.</summary>
    public PictureFrame Frame { get; }

    /// <summary>The size of the tensor, its border included.</summary>
    public ImageSize Size => Frame.Tensor;

    /// <summary>The extents of the tensor, for one picture.</summary>
    public TensorShape Shape => _plan.Input.Shape(1, Size);

    /// <summary>Bytes of the tensor.</summary>
    public int ByteCount => checked((int)(Size.Pixels * _plan.Input.Channels * _plan.Input.SampleBytes));

    /// <summary>Writes the tensor's elements.</summary>
    /// <param name="tensor">Exactly <see cref="ByteCount"/> bytes.</param>
    public void WriteTo(Span<byte> tensor)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(tensor.Length, ByteCount);
        SampleWriter.Write(_raster, _plan, Size, _left, _top, tensor);
    }

    /// <summary>Writes 1 for each pixel of the picture and 0 for each of the border: DETR's <c>pixel_mask</c>.</summary>
    /// <param name="mask">One element for each pixel of the tensor.</param>
    public void WriteMask(Span<long> mask)
    {
        mask.Clear();
        for (var y = 0; y < _raster.Height; y++)
        {
            mask.Slice(((y + _top) * Size.Width) + _left, _raster.Width).Fill(1);
        }
    }

    public void Dispose() => _raster.Dispose();
}
