using Serving.Runtime.Inference;

namespace Serving.Server.SharedMemory;

/// <summary>Where a request says that a tensor lies.</summary>
/// <param name="Region">The name under which the region was registered.</param>
/// <param name="Offset">The tensor's first byte, counted from the region's.</param>
/// <param name="ByteSize">The tensor's size, or the room for it.</param>
internal sealed record RegionReference(string Region, ulong Offset, ulong ByteSize)
{
    /// <summary>What three parameters say together; null where they say nothing.</summary>
    /// <param name="tensor">Whose they are, for messages: <c>input 'x'</c>.</param>
    /// <param name="region">The parameter <c>shared_memory_region</c>.</param>
    /// <param name="offset">The parameter <c>shared_memory_offset</c>.</param>
    /// <param name="byteSize">The parameter <c>shared_memory_byte_size</c>.</param>
    /// <param name="reference">The reference.</param>
    public static InferenceFailure? Read(string tensor, string? region, ulong? offset, ulong? byteSize, out RegionReference? reference)
    {
        reference = null;
        if (region is null)
        {
            var alone = offset is not null ? "shared_memory_offset" : byteSize is not null ? "shared_memory_byte_size" : null;
            return alone is null ? null : InferenceFailure.InvalidInput(
                $"'{alone}' can not be specified without 'shared_memory_region' parameter for {tensor}");
        }

        if (byteSize is null)
        {
            return InferenceFailure.InvalidInput(
                $"'shared_memory_byte_size' must be specified along with 'shared_memory_region' parameter for {tensor}");
        }

        reference = new RegionReference(region, offset ?? 0, byteSize.Value);
        return null;
    }
}
