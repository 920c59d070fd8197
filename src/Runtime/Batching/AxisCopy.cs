namespace Serving.Runtime.Batching;

/// <summary>
/// Row-major tensors laid together and taken apart along one axis. Seen from that axis a tensor is <c>outer</c> blocks
/// (the extents before it) of <c>extent * inner</c> bytes each; along the first axis, or after axes of extent 1, a block is the whole.
/// </summary>
internal static class AxisCopy
{
    /// <summary>The product of the extents before an axis.</summary>
    public static long Outer(ReadOnlySpan<long> dims, int axis) => Product(dims[..axis]);

    /// <summary>The bytes of one step along an axis.</summary>
    public static long Inner(ReadOnlySpan<long> dims, int axis, int elementSize) => Product(dims[(axis + 1)..]) * elementSize;

    /// <summary>Writes a part into its place in the whole.</summary>
    /// <param name="part">The part's bytes, <paramref name="outer"/> blocks of <paramref name="partBlock"/>.</param>
    /// <param name="whole">The whole's bytes.</param>
    /// <param name="outer">The number of blocks.</param>
    /// <param name="partBlock">Bytes of a block in the part.</param>
    /// <param name="wholeBlock">Bytes of a block in the whole.</param>
    /// <param name="offset">Where the part begins inside a block of the whole.</param>
    public static void Scatter(ReadOnlySpan<byte> part, Span<byte> whole, long outer, int partBlock, int wholeBlock, int offset)
    {
        for (var block = 0; block < outer; block++)
        {
            part.Slice(block * partBlock, partBlock).CopyTo(whole[((block * wholeBlock) + offset)..]);
        }
    }

    /// <summary>Reads a part from its place in the whole; the parameters are those of <see cref="Scatter"/>.</summary>
    public static void Gather(ReadOnlySpan<byte> whole, Span<byte> part, long outer, int partBlock, int wholeBlock, int offset)
    {
        for (var block = 0; block < outer; block++)
        {
            whole.Slice((block * wholeBlock) + offset, partBlock).CopyTo(part[(block * partBlock)..]);
        }
    }

    private static long Product(ReadOnlySpan<long> dims)
    {
        var product = 1L;
        foreach (var dim in dims)
        {
            product *= dim;
        }

        return product;
    }
}
