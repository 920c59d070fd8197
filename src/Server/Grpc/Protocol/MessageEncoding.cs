namespace Serving.Server.Grpc.Protocol;

/// <summary>How messages are compressed.</summary>
internal enum MessageEncoding : byte
{
    Identity,
    Gzip,

    /// <summary>Deflate in zlib's wrapping, as gRPC means it.</summary>
    Deflate,
}
