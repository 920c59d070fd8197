using System.Buffers;

namespace Serving.Server.Grpc.Infer;

/// <summary>Runs of varints without tags.</summary>
internal static class PackedVarints
{
    /// <summary>How many there are: each ends with the only byte of it below 128. A last one that is cut off is not counted.</summary>
    public static long Count(in ReadOnlySequence<byte> packed)
    {
        long count = 0;
        foreach (var segment in packed)
        {
            foreach (var value in segment.Span)
            {
                count += value < 0x80 ? 1 : 0;
            }
        }

        return count;
    }
}
