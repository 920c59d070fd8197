using System.Buffers;

namespace Serving.Server.Http2;

/// <summary>
/// What an application has written of an answer's body and what of that has not been sent. The application alone moves the end, who
/// sends alone moves the start; both hold the gate where something may wait to be sent.
/// </summary>
internal sealed class ResponseBuffer
{
    /// <summary>What a stream keeps from one request to the next. Arbitrary: small answers need no other.</summary>
    private const int Kept = 4096;

    private byte[] _bytes = [];
    private int _start;
    private int _written;

    /// <summary>How much has been written and not been sent.</summary>
    public int Length => Volatile.Read(ref _written) - _start;

    /// <summary>The next bytes to be sent.</summary>
    public ReadOnlySpan<byte> Unsent => _bytes.AsSpan(_start, Length);

    public Memory<byte> GetMemory(int size)
    {
        size = Math.Max(size, 1);
        if (Length == 0)
        {
            (_start, _written) = (0, 0);
        }

        if (_bytes.Length - _written < size)
        {
            Grow(size);
        }

        return _bytes.AsMemory(_written);
    }

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _bytes.Length - _written);
        Volatile.Write(ref _written, _written + count);
    }

    /// <summary>So many bytes have been sent.</summary>
    public void Sent(int count) => _start += count;

    /// <summary>Forgets everything, and gives back what is more than a small answer needs.</summary>
    public void Clear()
    {
        (_start, _written) = (0, 0);
        if (_bytes.Length > Kept)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = [];
        }
    }

    private void Grow(int size)
    {
        var length = Length;
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(length + size, Kept));
        Unsent.CopyTo(larger);
        if (_bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
        }

        (_bytes, _start, _written) = (larger, 0, length);
    }
}
