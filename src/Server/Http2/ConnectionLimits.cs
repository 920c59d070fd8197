namespace Serving.Server.Http2;

/// <summary>What a connection may ask of the server.</summary>
/// <param name="KeepAlive">How long a connection without requests stays open.</param>
/// <param name="Patience">How long a client may take for a piece of a request or of an answer.</param>
/// <param name="MostBodyBytes">The longest body, where the application does not say otherwise.</param>
internal sealed record ConnectionLimits(TimeSpan KeepAlive, TimeSpan Patience, long MostBodyBytes)
{
    private const int Mebibyte = 1024 * 1024;

    /// <summary>What one request may send ahead of being read. A client waits for a new window once per half of it, so this holds several images or token batches.</summary>
    public const int StreamWindow = 8 * Mebibyte;

    /// <summary>What all requests of a connection may send ahead together; bounds the memory that a slow model lets one connection fill.</summary>
    public const int ConnectionWindow = 64 * Mebibyte;

    /// <summary>A tensor in frames of the default 16 KiB costs a header and a dispatch for each; arbitrary within HTTP/2's 16 MiB.</summary>
    public const int FrameSize = Mebibyte;

    /// <summary>Requests in progress on a connection; a client sends the next when one is answered. Eight batches of the default 32 rows; arbitrary.</summary>
    public const int Streams = 256;

    /// <summary>What the header fields of a request may take; Kestrel's default.</summary>
    public const int HeaderBytes = 32 * 1024;

    /// <summary>Kestrel's and HTTP/2's default.</summary>
    public const int HeaderTable = 4096;

    /// <summary>The longest that a client may take for the connection's preface or a request's headers. They fit a packet or two; arbitrary.</summary>
    public static readonly TimeSpan HeadersPatience = TimeSpan.FromSeconds(10);

    /// <summary>When a connection on which nothing came is asked for a sign of life; a stream may be idle for hours. Arbitrary.</summary>
    public static readonly TimeSpan PingDelay = TimeSpan.FromSeconds(60);

    /// <summary>How long it may take for that; Kestrel's default.</summary>
    public static readonly TimeSpan PingPatience = TimeSpan.FromSeconds(20);
}
