using System.Text;

namespace Serving.Benchmarks.Http2;

/// <summary>
/// The header block of one gRPC request, sent again and again (HPACK, RFC 7541). The first puts what is not in the static table into
/// the dynamic one; the others refer to it.
/// </summary>
internal sealed class RequestHeaders
{
    // Indices of the static table (RFC 7541, appendix A).
    private const byte Authority = 1;
    private const byte Post = 3;
    private const byte PathIndex = 4;
    private const byte Http = 6;
    private const byte ContentType = 31;

    /// <summary>The newest entry of the dynamic table.</summary>
    private const byte Newest = 62;

    private const byte Indexed = 0x80;
    private const byte IntoTable = 0x40;

    public RequestHeaders(string authority, string path)
    {
        var first = new List<byte> { Indexed | Post, Indexed | Http };
        Add(first, Authority, authority);
        Add(first, PathIndex, path);
        Add(first, ContentType, "application/grpc");
        first.Add(IntoTable);
        AddText(first, "te");
        AddText(first, "trailers");
        First = [.. first];
    }

    /// <summary>The first request's.</summary>
    public byte[] First { get; }

    /// <summary>Every other's: the four entries that the first has made.</summary>
    public byte[] Next { get; } = [Indexed | Post, Indexed | Http, Indexed | (Newest + 3), Indexed | (Newest + 2), Indexed | (Newest + 1), Indexed | Newest];

    private static void Add(List<byte> block, byte name, string value)
    {
        block.Add((byte)(IntoTable | name));
        AddText(block, value);
    }

    private static void AddText(List<byte> block, string text)
    {
        const int LongestWithOneByte = 126;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(text.Length, LongestWithOneByte);
        block.Add((byte)text.Length);
        block.AddRange(Encoding.ASCII.GetBytes(text));
    }
}
