using System.IO.Compression;

namespace Serving.Conformance.Protocols;

/// <summary>The codings that the protocols know; deflate is zlib's format.</summary>
internal static class Compression
{
    public static byte[] Compress(byte[] bytes, string coding)
    {
        using var result = new MemoryStream();
        using (var stream = Open(result, coding, CompressionMode.Compress))
        {
            stream.Write(bytes);
        }

        return result.ToArray();
    }

    public static byte[] Decompress(byte[] bytes, string? coding)
    {
        if (coding is null or "" or "identity")
        {
            return bytes;
        }

        using var result = new MemoryStream();
        using var stream = Open(new MemoryStream(bytes), coding, CompressionMode.Decompress);
        stream.CopyTo(result);
        return result.ToArray();
    }

    private static Stream Open(Stream stream, string coding, CompressionMode mode) => coding switch
    {
        "gzip" => new GZipStream(stream, mode, leaveOpen: true),
        "deflate" => new ZLibStream(stream, mode, leaveOpen: true),
        _ => throw new InvalidOperationException($"'{coding}' is no coding that the suite knows."),
    };
}
