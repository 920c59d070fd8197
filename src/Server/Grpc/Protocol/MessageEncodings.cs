using System.IO.Compression;

namespace Serving.Server.Grpc.Protocol;

/// <summary>Names and streams of <see cref="MessageEncoding"/>.</summary>
internal static class MessageEncodings
{
    /// <summary>What the server accepts, as <c>grpc-accept-encoding</c> says it.</summary>
    public const string Accepted = "identity,gzip,deflate";

    public static bool TryParse(string? name, out MessageEncoding encoding)
    {
        (var known, encoding) = name switch
        {
            null or "" or "identity" => (true, MessageEncoding.Identity),
            "gzip" => (true, MessageEncoding.Gzip),
            "deflate" => (true, MessageEncoding.Deflate),
            _ => (false, MessageEncoding.Identity),
        };
        return known;
    }

    public static string Name(this MessageEncoding encoding) => encoding switch
    {
        MessageEncoding.Gzip => "gzip",
        MessageEncoding.Deflate => "deflate",
        _ => "identity",
    };

    /// <summary>
    /// The encoding for the answer: the request's own, where the client also accepts it. A client that compresses is short of
    /// bandwidth; others are not made to wait for a compressor.
    /// </summary>
    public static MessageEncoding ForResponse(MessageEncoding request, IHeaderDictionary headers)
    {
        if (request == MessageEncoding.Identity)
        {
            return MessageEncoding.Identity;
        }

        foreach (var header in headers["grpc-accept-encoding"])
        {
            foreach (var part in header.AsSpan().Split(','))
            {
                if (header.AsSpan()[part].Trim().SequenceEqual(request.Name()))
                {
                    return request;
                }
            }
        }

        return MessageEncoding.Identity;
    }

    /// <summary>A stream that inflates what it reads from <paramref name="source"/>.</summary>
    public static Stream Inflate(this MessageEncoding encoding, Stream source) => encoding == MessageEncoding.Gzip
        ? new GZipStream(source, CompressionMode.Decompress)
        : new ZLibStream(source, CompressionMode.Decompress);

    /// <summary>A stream that compresses what is written to it into <paramref name="target"/>, which stays open.</summary>
    public static Stream Compress(this MessageEncoding encoding, Stream target) => encoding == MessageEncoding.Gzip
        ? new GZipStream(target, CompressionLevel.Fastest, leaveOpen: true)
        : new ZLibStream(target, CompressionLevel.Fastest, leaveOpen: true);
}
