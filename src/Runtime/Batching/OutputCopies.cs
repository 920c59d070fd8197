using Serving.Runtime.Tensors;

namespace Serving.Runtime.Batching;

/// <summary>The outputs of one response that had to be copied together, given back with it.</summary>
internal sealed class OutputCopies : IDisposable
{
    private readonly List<PooledBuffer> _buffers = [];

    public PooledBuffer Rent(int length)
    {
        var buffer = BufferPool.Shared.Rent(length);
        _buffers.Add(buffer);
        return buffer;
    }

    public void Dispose()
    {
        foreach (var buffer in _buffers)
        {
            buffer.Dispose();
        }

        _buffers.Clear();
    }
}
