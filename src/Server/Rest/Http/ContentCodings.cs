using System.IO.Compression;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Serving.Server.Rest.Http;

/// <summary>The compressions of REST bodies: gzip and deflate, both ways.</summary>
internal static class ContentCodings
{
    /// <summary>For the header that tells a client what it could have used.</summary>
    public const string Accepted = "gzip, deflate";

    private const string Gzip = "gzip";
    private const string Deflate = "deflate";
    private const string Identity = "identity";

    /// <summary>The coding of a <c>Content-Encoding</c> header; false for one that is not offered, also for several at once.</summary>
    public static bool TryParse(StringValues contentEncoding, out ContentCoding coding)
    {
        var name = contentEncoding.ToString().Trim();
        coding = Is(name, Gzip) || Is(name, "x-gzip") ? ContentCoding.Gzip : Is(name, Deflate) ? ContentCoding.Deflate : ContentCoding.Identity;
        return coding != ContentCoding.Identity || name.Length == 0 || Is(name, Identity);
    }

    /// <summary>The coding for a response: the one that the client weighs highest, gzip where it does not care.</summary>
    public static ContentCoding Choose(StringValues acceptEncoding)
    {
        if (StringValues.IsNullOrEmpty(acceptEncoding) || !StringWithQualityHeaderValue.TryParseList(acceptEncoding, out var accepted))
        {
            return ContentCoding.Identity;
        }

        var (gzip, deflate) = (0.0, 0.0);
        foreach (var entry in accepted)
        {
            gzip = Is(entry.Value, Gzip) ? entry.Quality ?? 1 : gzip;
            deflate = Is(entry.Value, Deflate) ? entry.Quality ?? 1 : deflate;
        }

        return gzip <= 0 && deflate <= 0 ? ContentCoding.Identity : gzip >= deflate ? ContentCoding.Gzip : ContentCoding.Deflate;
    }

    /// <summary>The name for a <c>Content-Encoding</c> header.</summary>
    public static string Name(ContentCoding coding) => coding switch
    {
        ContentCoding.Gzip => Gzip,
        ContentCoding.Deflate => Deflate,
        _ => Identity,
    };

    public static Stream Decompress(ContentCoding coding, Stream body) => coding == ContentCoding.Gzip
        ? new GZipStream(body, CompressionMode.Decompress, leaveOpen: true)
        : new ZLibStream(body, CompressionMode.Decompress, leaveOpen: true);

    /// <summary>Fastest, because the network within a cluster is faster than any better compression.</summary>
    public static Stream Compress(ContentCoding coding, Stream body) => coding == ContentCoding.Gzip
        ? new GZipStream(body, CompressionLevel.Fastest, leaveOpen: true)
        : new ZLibStream(body, CompressionLevel.Fastest, leaveOpen: true);

    private static bool Is(StringSegment value, string name) => value.Equals(name, StringComparison.OrdinalIgnoreCase);
}
