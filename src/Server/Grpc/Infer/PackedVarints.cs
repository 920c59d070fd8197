using System.Buffers;

namespace Serving.Server.Grpc.Infer;

/// <summary>Runs of varints without tags.</summary>
internal static class PackedVarints
{
    /// <summary>How many there are: each ends with the only byte of it below 128. -1 where the last one is cut off.</summary>
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

        return EndsWhole(packed) ? count : -1;
    }

    private static bool EndsWhole(in ReadOnlySequence<byte> packed)
    {
        Span<byte> last = stackalloc byte[1];
        packed.Slice(Math.Max(0, packed.Length - 1)).CopyTo(last);
        return packed.IsEmpty || last[0] < 0x80;
    }
}
