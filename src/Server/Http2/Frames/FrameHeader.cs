using System.Buffers.Binary;

namespace Serving.Server.Http2.Frames;

/// <summary>The nine bytes before each frame's payload (RFC 9113, section 4.1).</summary>
/// <param name="Length">Bytes of the payload.</param>
/// <param name="Type">What the payload is.</param>
/// <param name="Flags">The type's flags.</param>
/// <param name="Stream">The stream's number; 0 for the connection.</param>
internal readonly record struct FrameHeader(int Length, FrameType Type, FrameFlags Flags, int Stream)
{
    public const int Bytes = 9;

    private const uint StreamBits = 0x7fffffff;

    public static FrameHeader Read(ReadOnlySpan<byte> source)
    {
        var head = BinaryPrimitives.ReadUInt32BigEndian(source);
        return new FrameHeader((int)(head >> 8), (FrameType)head, (FrameFlags)source[4], (int)(BinaryPrimitives.ReadUInt32BigEndian(source[5..]) & StreamBits));
    }

    public void Write(Span<byte> target)
    {
        BinaryPrimitives.WriteUInt32BigEndian(target, ((uint)Length << 8) | (byte)Type);
        target[4] = (byte)Flags;
        BinaryPrimitives.WriteInt32BigEndian(target[5..], Stream);
    }

    /// <summary>Whether a flag is set.</summary>
    public bool Has(FrameFlags flag) => (Flags & flag) != 0;
}
