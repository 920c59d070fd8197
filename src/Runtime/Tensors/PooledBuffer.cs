using System.Buffers;

namespace Serving.Runtime.Tensors;

/// <summary>
/// A block of 64-byte-aligned native memory rented from a <see cref="BufferPool"/>; disposing it gives it back.
/// The renter owns it: nobody else may dispose it, and no span or memory of it may be used afterwards.
/// </summary>
public sealed unsafe class PooledBuffer : MemoryManager<byte>
{
    private readonly BufferPool _pool;
    private int _length;
    private int _rented;

    internal PooledBuffer(BufferPool pool, byte* pointer, int capacity, int sizeClass)
    {
        _pool = pool;
        Pointer = pointer;
        Capacity = capacity;
        SizeClass = sizeClass;
    }

    /// <summary>The first byte; fixed for the life of the block.</summary>
    public byte* Pointer { get; private set; }

    /// <summary>The bytes asked for.</summary>
    public int Length => _length;

    internal int Capacity { get; }

    internal int SizeClass { get; }

    public override Span<byte> GetSpan() => new(Pointer, _length);

    public override MemoryHandle Pin(int elementIndex = 0) => new(Pointer + elementIndex);

    public override void Unpin()
    {
    }

    /// <summary>Gives the block back; a second call does nothing.</summary>
    public void Dispose() => ((IDisposable)this).Dispose();

    internal PooledBuffer Rent(int length)
    {
        _length = length;
        Volatile.Write(ref _rented, 1);
        return this;
    }

    internal void Free()
    {
        System.Runtime.InteropServices.NativeMemory.AlignedFree(Pointer);
        Pointer = null;
    }

    protected override void Dispose(bool disposing)
    {
        if (Interlocked.Exchange(ref _rented, 0) == 1)
        {
            _pool.Return(this);
        }
    }
}
