using System.Buffers;
using Serving.Runtime.Tensors;

namespace Serving.Server.Rest;

/// <summary>
/// A growing block of the process's buffer pool. Owns the block: dispose it when nothing reads
/// <see cref="WrittenMemory"/> any more. Growing moves the bytes, so no earlier memory or span may be kept meanwhile.
/// </summary>
/// <param name="capacity">The length of the first block.</param>
/// <param name="announced">How many bytes somebody said will be written; 0 where nobody did.</param>
internal sealed class PooledBufferWriter(int capacity, long announced = 0) : IBufferWriter<byte>, IDisposable
{
    private const int Smallest = 256;

    private PooledBuffer? _block = BufferPool.Shared.Rent(capacity);
    private int _written;

    /// <summary>How many bytes were written.</summary>
    public int Length => _written;

    /// <summary>What was written.</summary>
    public ReadOnlyMemory<byte> WrittenMemory => Block.Memory[.._written];

    private PooledBuffer Block => _block ?? throw new ObjectDisposedException(nameof(PooledBufferWriter));

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Block.Length - _written);
        _written += count;
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 1));
        return Block.Memory[_written..];
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 1));
        return Block.GetSpan()[_written..];
    }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(GetSpan(bytes.Length));
        _written += bytes.Length;
    }

    /// <summary>Forgets what was written and keeps the block.</summary>
    public void Clear() => _written = 0;

    public void Dispose()
    {
        _block?.Dispose();
        _block = null;
    }

    private void Reserve(int count)
    {
        var needed = (long)_written + count;
        if (needed <= Block.Length)
        {
            return;
        }

        if (needed > Array.MaxLength)
        {
            throw new InvalidOperationException($"a message of {needed} bytes is larger than one block of memory can be");
        }

        var grown = BufferPool.Shared.Rent(needed <= announced
            ? BlockGrowth.Next(Block.Length, needed, announced)
            : (int)Math.Min(Math.Max(Math.Max(Smallest, needed), 2L * Block.Length), Array.MaxLength));
        Block.GetSpan()[.._written].CopyTo(grown.GetSpan());
        Block.Dispose();
        _block = grown;
    }
}
