namespace Serving.Server.Http2.Frames;

/// <summary>The settings of RFC 9113, section 6.5.2, that the server reads or sends.</summary>
internal enum SettingId : ushort
{
    HeaderTableSize = 1,
    EnablePush = 2,
    MaxConcurrentStreams = 3,
    InitialWindowSize = 4,
    MaxFrameSize = 5,
    MaxHeaderListSize = 6,
}
