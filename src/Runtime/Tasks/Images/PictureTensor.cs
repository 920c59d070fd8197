using System.Buffers;
using System.Runtime.InteropServices;
using Serving.Runtime.Images.Preprocessing;
using Serving.Runtime.Inference;
using Serving.Runtime.Tensors;

namespace Serving.Runtime.Tasks.Images;

/// <summary>A picture as a graph's inputs, in memory of the pool that disposing gives back.</summary>
internal sealed class PictureTensor : IDisposable
{
    private readonly PooledBuffer _pixels;
    private readonly PooledBuffer? _mask;

    /// <param name="picture">The picture; it is read here, and stays its owner's.</param>
    /// <param name="pixels">The graph's input for pixels.</param>
    /// <param name="mask">Its input for the mask of pixels that are picture; null where it has none.</param>
    public PictureTensor(PreparedImage picture, TensorSignature pixels, TensorSignature? mask)
    {
        Frame = picture.Frame;
        _pixels = BufferPool.Shared.Rent(picture.ByteCount);
        picture.WriteTo(_pixels.GetSpan());
        var tensors = new List<InputTensor> { new(pixels.Name, pixels.Type, picture.Shape, new ReadOnlySequence<byte>(_pixels.Memory)) };
        if (mask is not null)
        {
            _mask = BufferPool.Shared.Rent(checked((int)picture.Size.Pixels * sizeof(long)));
            picture.WriteMask(MemoryMarshal.Cast<byte, long>(_mask.GetSpan()));
            tensors.Add(new InputTensor(mask.Name, mask.Type, new TensorShape(1, picture.Size.Height, picture.Size.Width), new ReadOnlySequence<byte>(_mask.Memory)));
        }

        Inputs = tensors;
    }

    public PictureFrame Frame { get; }

    public IReadOnlyList<InputTensor> Inputs { get; }

    public void Dispose()
    {
        _pixels.Dispose();
        _mask?.Dispose();
    }
}
