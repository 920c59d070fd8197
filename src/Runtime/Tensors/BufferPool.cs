using System.Collections.Concurrent;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Serving.Runtime.Tensors;

/// <summary>
/// Rents blocks of native memory in four sizes per power of two, so that at most a fifth of a block is unused.
/// Native memory because ONNX Runtime reads and writes it while no garbage collector may move it.
/// </summary>
public sealed unsafe class BufferPool
{
    /// <summary>Blocks begin at multiples of this.</summary>
    public const int Alignment = 64;

    private const int SmallestBits = 8;

    /// <summary>Larger blocks are freed at once: one outlier must not keep its memory for good.</summary>
    private const int LargestKept = 64 * 1024 * 1024;

    private readonly ConcurrentStack<PooledBuffer>[] _free;
    private readonly long _keepBytes;
    private long _keptBytes;
    private long _rentedBytes;

    /// <param name="keepBytes">How many bytes of returned blocks are kept for the next renter.</param>
    public BufferPool(long keepBytes = 256L * 1024 * 1024)
    {
        _keepBytes = keepBytes;
        _free = new ConcurrentStack<PooledBuffer>[SizeClass(int.MaxValue) + 1];
        for (var i = 0; i < _free.Length; i++)
        {
            _free[i] = new ConcurrentStack<PooledBuffer>();
        }
    }

    /// <summary>The pool of the process, for what lives as long as a request.</summary>
    public static BufferPool Shared { get; } = new();

    /// <summary>For what graphs read and write. Runs keep their blocks from one to the next, so the pool needs to keep few.</summary>
    public static BufferPool Runs { get; } = new(keepBytes: 16L * 1024 * 1024);

    /// <summary>Bytes handed out and not given back.</summary>
    public long RentedBytes => Volatile.Read(ref _rentedBytes);

    /// <summary>Bytes kept for the next renter.</summary>
    public long KeptBytes => Volatile.Read(ref _keptBytes);

    /// <summary>A block of exactly <paramref name="length"/> bytes, not cleared.</summary>
    public PooledBuffer Rent(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        var sizeClass = SizeClass(length);
        if (_free[sizeClass].TryPop(out var buffer))
        {
            Interlocked.Add(ref _keptBytes, -buffer.Capacity);
        }
        else
        {
            var capacity = (int)Math.Min(ClassBytes(sizeClass), Array.MaxLength);
            var pointer = (byte*)NativeMemory.AlignedAlloc((nuint)capacity, Alignment);
            buffer = new PooledBuffer(this, pointer, capacity, sizeClass);
        }

        Interlocked.Add(ref _rentedBytes, buffer.Capacity);
        return buffer.Rent(length);
    }

    internal void Return(PooledBuffer buffer)
    {
        Interlocked.Add(ref _rentedBytes, -buffer.Capacity);
        if (buffer.Capacity > LargestKept || Volatile.Read(ref _keptBytes) + buffer.Capacity > _keepBytes)
        {
            buffer.Free();
            return;
        }

        Interlocked.Add(ref _keptBytes, buffer.Capacity);
        _free[buffer.SizeClass].Push(buffer);
    }

    private static int SizeClass(int length)
    {
        if (length <= 1 << SmallestBits)
        {
            return 0;
        }

        var bits = 31 - BitOperations.LeadingZeroCount((uint)(length - 1));
        var quarter = ((length - 1) >> (bits - 2)) & 3;
        return ((bits - SmallestBits) * 4) + quarter + 1;
    }

    private static long ClassBytes(int sizeClass)
    {
        if (sizeClass == 0)
        {
            return 1 << SmallestBits;
        }

        var bits = ((sizeClass - 1) / 4) + SmallestBits;
        var quarter = (sizeClass - 1) % 4;
        return (1L << bits) + ((quarter + 1L) << (bits - 2));
    }
}
