namespace Serving.Server.Http2;

/// <summary>The error codes of RFC 9113, section 7.</summary>
internal enum Http2Error : uint
{
    None = 0,
    Protocol = 1,
    Internal = 2,
    FlowControl = 3,
    SettingsTimeout = 4,
    StreamClosed = 5,
    FrameSize = 6,
    RefusedStream = 7,
    Cancel = 8,
    Compression = 9,
    EnhanceYourCalm = 11,
}
