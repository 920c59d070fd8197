namespace Serving.Server.Rest.Http;

/// <summary>How a body is compressed.</summary>
internal enum ContentCoding : byte
{
    Identity,
    Gzip,

    /// <summary>The zlib format, which is what HTTP calls deflate.</summary>
    Deflate,
}
