namespace Serving.Benchmarks.Http2;

/// <summary>Frames of HTTP/2 (RFC 9113, section 6) that a client meets.</summary>
internal enum FrameType : byte
{
    Data = 0,
    Headers = 1,
    ResetStream = 3,
    Settings = 4,
    Ping = 6,
    GoAway = 7,
    WindowUpdate = 8,
}
