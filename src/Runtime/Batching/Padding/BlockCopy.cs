namespace Serving.Runtime.Batching.Padding;

/// <summary>Copies a block of a row-major tensor to or from the corner of a larger one.</summary>
internal static class BlockCopy
{
    /// <summary>
    /// Copies a tensor into a larger one, at a place along one axis and at the start of all others.
    /// </summary>
    /// <param name="part">The smaller tensor's bytes.</param>
    /// <param name="partDims">Its extents.</param>
    /// <param name="whole">The larger tensor's bytes.</param>
    /// <param name="wholeDims">Its extents, none smaller.</param>
    /// <param name="axis">The axis with a place.</param>
    /// <param name="offset">The place.</param>
    /// <param name="elementSize">Bytes of an element.</param>
    public static void Insert(
        ReadOnlySpan<byte> part, ReadOnlySpan<long> partDims, Span<byte> whole, ReadOnlySpan<long> wholeDims, int axis, long offset, int elementSize)
    {
        var walk = new BlockWalk(partDims, wholeDims, axis, offset, elementSize, stackalloc long[partDims.Length]);
        while (walk.Next(out var inPart, out var inWhole))
        {
            part.Slice(inPart, walk.RunBytes).CopyTo(whole[inWhole..]);
        }
    }

    /// <summary>Copies a block of a larger tensor out; the parameters are those of <see cref="Insert"/>.</summary>
    public static void Extract(
        ReadOnlySpan<byte> whole, ReadOnlySpan<long> wholeDims, Span<byte> part, ReadOnlySpan<long> partDims, int axis, long offset, int elementSize)
    {
        var walk = new BlockWalk(partDims, wholeDims, axis, offset, elementSize, stackalloc long[partDims.Length]);
        while (walk.Next(out var inPart, out var inWhole))
        {
            whole.Slice(inWhole, walk.RunBytes).CopyTo(part[inPart..]);
        }
    }

    /// <summary>Where in the larger tensor a block lies, in bytes, if all of it lies together; null where it does not.</summary>
    public static int? FindRun(ReadOnlySpan<long> part, ReadOnlySpan<long> whole, int axis, long offset, int elementSize)
    {
        var walk = new BlockWalk(part, whole, axis, offset, elementSize, stackalloc long[part.Length]);
        return walk.Next(out _, out var start) && !walk.Next(out _, out _) ? start : null;
    }
}
