using Serving.Runtime.Tensors;

namespace Serving.Fuzz.Engine;

/// <summary>The memory that reading an input takes: what this thread allocates, and what the buffer pool has to grow by.</summary>
internal readonly struct Cost
{
    private readonly long _allocated;
    private readonly long _pooled;

    private Cost(long allocated, long pooled)
    {
        _allocated = allocated;
        _pooled = pooled;
    }

    public static Cost Start() => new(GC.GetAllocatedBytesForCurrentThread(), Pooled());

    /// <summary>Ends the measurement.</summary>
    public void AtMost(long bytes)
    {
        var taken = GC.GetAllocatedBytesForCurrentThread() - _allocated + Pooled() - _pooled;
        Finding.Unless(taken <= bytes, "reading the input took more memory than promised");
    }

    private static long Pooled() => BufferPool.Shared.RentedBytes + BufferPool.Shared.KeptBytes;
}
