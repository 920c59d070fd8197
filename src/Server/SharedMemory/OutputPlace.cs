using Serving.Runtime.Inference;

namespace Serving.Server.SharedMemory;

/// <summary>Where an output is to be written. The region is held by the request's <see cref="RequestRegions"/>.</summary>
/// <param name="region">The region.</param>
/// <param name="reference">The place in it.</param>
internal sealed class OutputPlace(SharedMemoryRegion region, RegionReference reference)
{
    public string Region => reference.Region;

    public ulong Offset => reference.Offset;

    /// <summary>Null where the output fits.</summary>
    public InferenceFailure? CheckRoom(in OutputTensor output) => (ulong)output.Data.Length <= reference.ByteSize
        ? null
        : InferenceFailure.InvalidInput(
            $"shared memory size specified with the request for output '{output.Name}' ({reference.ByteSize} bytes) should be at least {output.Data.Length} bytes to hold the results");

    public InferenceFailure? Write(in OutputTensor output) => region.Write(reference, output.Data.Span);
}
