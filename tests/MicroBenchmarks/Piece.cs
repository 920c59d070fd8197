using System.Buffers;

namespace Serving.MicroBenchmarks;

/// <summary>A block of a sequence.</summary>
internal sealed class Piece : ReadOnlySequenceSegment<byte>
{
    private const int MostBytes = 4096;

    private Piece(ReadOnlyMemory<byte> memory, Piece? previous)
    {
        Memory = memory;
        if (previous is not null)
        {
            previous.Next = this;
            RunningIndex = previous.RunningIndex + previous.Memory.Length;
        }
    }

    /// <summary>The bytes in blocks of 4 KiB, as a pipe has them.</summary>
    public static ReadOnlySequence<byte> Split(ReadOnlyMemory<byte> bytes)
    {
        var first = new Piece(bytes[..Math.Min(bytes.Length, MostBytes)], null);
        var last = first;
        for (var offset = first.Memory.Length; offset < bytes.Length; offset += last.Memory.Length)
        {
            last = new Piece(bytes[offset..Math.Min(bytes.Length, offset + MostBytes)], last);
        }

        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }
}
