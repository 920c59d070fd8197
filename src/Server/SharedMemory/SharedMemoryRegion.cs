using Microsoft.Win32.SafeHandles;
using Serving.Runtime.Inference;

namespace Serving.Server.SharedMemory;

/// <summary>
/// A registered region. Requests hold a lease while they use it; unregistered, it takes no new ones and is closed when the last ends.
/// It is read and written by file access and never mapped: a client that shortens the object while it is mapped would end the process.
/// </summary>
internal sealed class SharedMemoryRegion(string name, string key, ulong offset, ulong byteSize, SafeFileHandle handle)
{
    private int _leases = 1;

    public string Name => name;

    public string Key => key;

    /// <summary>The region's first byte in the object.</summary>
    public ulong Offset => offset;

    public ulong ByteSize => byteSize;

    /// <summary>Takes a lease; false where the region has been unregistered.</summary>
    public bool TryAcquire()
    {
        var leases = Volatile.Read(ref _leases);
        while (leases > 0)
        {
            var seen = Interlocked.CompareExchange(ref _leases, leases + 1, leases);
            if (seen == leases)
            {
                return true;
            }

            leases = seen;
        }

        return false;
    }

    /// <summary>Ends a lease, or the registration itself.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _leases) == 0)
        {
            handle.Dispose();
        }
    }

    /// <summary>Null where the bytes lie in the region, and the region in the object as it is now.</summary>
    public InferenceFailure? Check(RegionReference reference)
    {
        if (reference.Offset >= byteSize)
        {
            return InferenceFailure.InvalidInput(
                $"Invalid offset for shared memory region: '{name}': {reference.Offset} is not within its {byteSize} bytes");
        }

        return reference.ByteSize > byteSize - reference.Offset
            ? InferenceFailure.InvalidInput(
                $"Invalid offset + byte size for shared memory region: '{name}': {reference.Offset} and {reference.ByteSize} reach beyond its {byteSize} bytes")
            : CheckLength(reference);
    }

    /// <summary>Fills <paramref name="target"/> with the bytes referred to, which have its size.</summary>
    public InferenceFailure? Read(RegionReference reference, Span<byte> target)
    {
        var position = (long)(offset + reference.Offset);
        while (!target.IsEmpty)
        {
            var read = RandomAccess.Read(handle, target, position);
            if (read == 0)
            {
                return Shortened(SharedMemoryObject.TryGetLength(handle, out var length) ? length : 0);
            }

            target = target[read..];
            position += read;
        }

        return null;
    }

    /// <summary>Writes to the place referred to, which has room for it.</summary>
    public InferenceFailure? Write(RegionReference reference, ReadOnlySpan<byte> data)
    {
        if (CheckLength(reference) is { } shortened)
        {
            return shortened;
        }

        try
        {
            RandomAccess.Write(handle, data, (long)(offset + reference.Offset));
            return null;
        }
        catch (IOException error)
        {
            // A sparse object on a full file system has no memory behind it; mapped, the write would end the process.
            return InferenceFailure.InvalidInput($"shared memory region '{name}' cannot be written: {error.Message}");
        }
    }

    private InferenceFailure? CheckLength(RegionReference reference) =>
        SharedMemoryObject.TryGetLength(handle, out var length) && offset + reference.Offset + reference.ByteSize <= (ulong)length
            ? null
            : Shortened(length);

    private InferenceFailure Shortened(long length) => InferenceFailure.InvalidInput(
        $"shared memory region '{name}' was shortened after it was registered: '{key}' has {length} bytes, the region was bytes {offset} to {offset + byteSize}");
}
