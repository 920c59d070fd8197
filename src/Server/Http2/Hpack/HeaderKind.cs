namespace Serving.Server.Http2.Hpack;

/// <summary>What a header field is to a request.</summary>
internal enum HeaderKind : byte
{
    Regular,
    Method,
    Scheme,
    Path,
    Authority,
    ContentLength,

    /// <summary>Must not be in a request of HTTP/2 (RFC 9113, sections 8.2 and 8.3).</summary>
    Malformed,
}
