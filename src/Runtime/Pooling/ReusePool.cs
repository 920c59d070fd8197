using System.Collections.Concurrent;

namespace Serving.Runtime.Pooling;

/// <summary>Objects that are done with, to be used again: as many are made as are in use at a time.</summary>
/// <param name="create">Makes one where none is free.</param>
public sealed class ReusePool<T>(Func<T> create)
    where T : class
{
    /// <summary>More than that are left to the garbage collector. Arbitrary: as many as a busy server has in use.</summary>
    public const int Most = 1024;

    private readonly ConcurrentQueue<T> _free = new();
    private int _count;

    /// <summary>One that is free, or a new one.</summary>
    public T Rent()
    {
        if (!_free.TryDequeue(out var item))
        {
            return create();
        }

        Interlocked.Decrement(ref _count);
        return item;
    }

    /// <summary>Gives one back that nobody uses any more.</summary>
    public void Return(T item)
    {
        if (Interlocked.Increment(ref _count) <= Most)
        {
            _free.Enqueue(item);
        }
        else
        {
            Interlocked.Decrement(ref _count);
        }
    }
}
