using System.Diagnostics.CodeAnalysis;
using Serving.Runtime.Inference;
using Serving.Runtime.Tensors;

namespace Serving.Server.SharedMemory;

/// <summary>
/// The regions that one request uses. Owns the copies of its inputs, and holds the regions of its outputs until they are written:
/// dispose it when the answer has been delivered.
/// </summary>
internal sealed class RequestRegions(SharedMemoryAccess access) : IDisposable
{
    private readonly List<PooledBuffer> _inputs = [];
    private readonly List<SharedMemoryRegion> _held = [];
    private long _inputBytes;

    /// <summary>An input's bytes as they are now, valid as long as this object.</summary>
    public Outcome<ReadOnlyMemory<byte>> Read(RegionReference reference)
    {
        if (!TryAcquire(reference, out var registry, out var region, out var failure))
        {
            return failure;
        }

        try
        {
            return (region.Check(reference) ?? Count(registry, reference)) is { } wrong ? wrong : Copy(region, reference);
        }
        finally
        {
            region.Release();
        }
    }

    /// <summary>The place for an output, valid as long as this object.</summary>
    public Outcome<OutputPlace> Hold(RegionReference reference)
    {
        if (!TryAcquire(reference, out _, out var region, out var failure))
        {
            return failure;
        }

        _held.Add(region);
        return region.Check(reference) is { } wrong ? wrong : new OutputPlace(region, reference);
    }

    public void Dispose()
    {
        _inputs.ForEach(buffer => buffer.Dispose());
        _inputs.Clear();
        _held.ForEach(region => region.Release());
        _held.Clear();
    }

    private bool TryAcquire(
        RegionReference reference,
        [NotNullWhen(true)] out SharedMemoryRegistry? registry,
        [NotNullWhen(true)] out SharedMemoryRegion? region,
        [NotNullWhen(false)] out InferenceFailure? failure)
    {
        region = null;
        if (access.TryOpen(out registry, out failure) && !registry.TryAcquire(reference.Region, out region))
        {
            failure = InferenceFailure.NotFound($"Unable to find shared memory region: '{reference.Region}'");
        }

        return failure is null;
    }

    private Outcome<ReadOnlyMemory<byte>> Copy(SharedMemoryRegion region, RegionReference reference)
    {
        var buffer = BufferPool.Shared.Rent((int)reference.ByteSize);
        _inputs.Add(buffer);
        return region.Read(reference, buffer.GetSpan()) is { } failure ? failure : (ReadOnlyMemory<byte>)buffer.Memory;
    }

    /// <summary>Without a limit, a short request could name one region many times, and cost that many copies of it.</summary>
    private InferenceFailure? Count(SharedMemoryRegistry registry, RegionReference reference)
    {
        if (reference.ByteSize > (ulong)(registry.MostInputBytes - _inputBytes))
        {
            return InferenceFailure.TooLarge(
                $"the inputs in shared memory take more than {registry.MostInputBytes} bytes together; the server accepts no more (option --max-request-bytes)");
        }

        _inputBytes += (long)reference.ByteSize;
        return null;
    }
}
