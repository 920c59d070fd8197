using System.Buffers;

namespace Serving.Server.Tests.Grpc;

/// <summary>Sequences that lie in pieces, as they do in a pipe.</summary>
internal static class Segments
{
    /// <summary>The bytes in random pieces, some of them empty, each in an array of its own.</summary>
    public static ReadOnlySequence<byte> Split(byte[] bytes, Random random)
    {
        var first = new Segment([], null);
        var last = first;
        for (var offset = 0; offset < bytes.Length;)
        {
            var length = Math.Min(bytes.Length - offset, random.Next(4) == 0 ? random.Next(2) : random.Next(1, 1 + random.Next(1, 64)));
            last = new Segment(bytes[offset..(offset + length)], last);
            offset += length;
        }

        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(byte[] bytes, Segment? previous)
        {
            Memory = bytes;
            if (previous is not null)
            {
                previous.Next = this;
                RunningIndex = previous.RunningIndex + previous.Memory.Length;
            }
        }
    }
}
