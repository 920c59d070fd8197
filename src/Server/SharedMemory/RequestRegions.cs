using System.Diagnostics.CodeAnalysis;
using Serving.Runtime.Inference;
using Serving.Runtime.Tensors;

namespace Serving.Server.SharedMemory;

/// <summary>
/// The regions that one request uses. Reads its inputs into memory of the pool and holds the regions of its outputs until it is
/// disposed, when the answer has been written to them.
/// </summary>
internal sealed class RequestRegions(SharedMemoryAccess access) : IDisposable
{
    private List<SharedMemoryRegion>? _held;
    private long _inputBytes;

    /// <summary>A copy of an input's bytes, which the caller owns.</summary>
    public Outcome<PooledBuffer> Read(RegionReference reference)
    {
        if (!access.TryOpen(out var registry, out var failure) || !TryAcquire(registry, reference, out var region, out failure))
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
        if (!access.TryOpen(out var registry, out var failure) || !TryAcquire(registry, reference, out var region, out failure))
        {
            return failure;
        }

        (_held ??= []).Add(region);
        return region.Check(reference) is { } wrong ? wrong : new OutputPlace(region, reference);
    }

    public void Dispose()
    {
        foreach (var region in _held ?? [])
        {
            region.Release();
        }

        _held = null;
    }

    private static bool TryAcquire(
        SharedMemoryRegistry registry, RegionReference reference, [NotNullWhen(true)] out SharedMemoryRegion? region, [NotNullWhen(false)] out InferenceFailure? failure)
    {
        failure = registry.TryAcquire(reference.Region, out region)
            ? null
            : InferenceFailure.NotFound($"Unable to find shared memory region: '{reference.Region}'");
        return failure is null;
    }

    private static Outcome<PooledBuffer> Copy(SharedMemoryRegion region, RegionReference reference)
    {
        var buffer = BufferPool.Shared.Rent((int)reference.ByteSize);
        if (region.Read(reference, buffer.GetSpan()) is not { } failure)
        {
            return buffer;
        }

        buffer.Dispose();
        return failure;
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
