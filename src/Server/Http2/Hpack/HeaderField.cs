using System.Buffers;

namespace Serving.Server.Http2.Hpack;

/// <summary>A header field as it was sent. Made once for all requests that carry it, so what is known of it is found out once.</summary>
internal sealed class HeaderField
{
    /// <summary>What an entry of the dynamic table takes beyond its text (RFC 7541, section 4.1).</summary>
    public const int Overhead = 32;

    /// <summary>Those of a token (RFC 9110, section 5.6.2) but for capitals, which HTTP/2 forbids.</summary>
    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz");
    private static readonly SearchValues<char> ForbiddenInValues = SearchValues.Create("\0\r\n");

    /// <summary>Both texts have a character for each byte.</summary>
    public HeaderField(string name, string value)
    {
        Kind = Classify(name, value);
        Name = Kind == HeaderKind.Authority ? "Host" : name;
        Value = value;
        Size = name.Length + value.Length + Overhead;
    }

    /// <summary>In small letters; that of the authority is the one under which applications look for it.</summary>
    public string Name { get; }

    public string Value { get; }

    public HeaderKind Kind { get; }

    /// <summary>What it counts for in tables and limits.</summary>
    public int Size { get; }

    /// <summary>The value of <c>content-length</c>; negative where it is none.</summary>
    public long Length => Kind == HeaderKind.ContentLength && long.TryParse(Value, System.Globalization.NumberStyles.None, null, out var length) ? length : -1;

    private static HeaderKind Classify(string name, string value)
    {
        if (value.AsSpan().ContainsAny(ForbiddenInValues) || value.StartsWith(' ') || value.EndsWith(' '))
        {
            return HeaderKind.Malformed;
        }

        return name switch
        {
            ":method" => HeaderKind.Method,
            ":scheme" => HeaderKind.Scheme,
            ":path" => HeaderKind.Path,
            ":authority" => HeaderKind.Authority,
            "content-length" => HeaderKind.ContentLength,
            "connection" or "keep-alive" or "proxy-connection" or "transfer-encoding" or "upgrade" => HeaderKind.Malformed,
            "te" => value == "trailers" ? HeaderKind.Regular : HeaderKind.Malformed,
            _ => name.Length > 0 && !name.AsSpan().ContainsAnyExcept(NameCharacters) ? HeaderKind.Regular : HeaderKind.Malformed,
        };
    }
}
