namespace Serving.Server.Http2.Frames;

/// <summary>The flags of frames; which of them there are depends on the type.</summary>
[Flags]
internal enum FrameFlags : byte
{
    None = 0,
    EndStream = 1,

    /// <summary>Of SETTINGS and PING.</summary>
    Ack = 1,
    EndHeaders = 4,
    Padded = 8,
    Priority = 32,
}
