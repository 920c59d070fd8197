namespace Serving.Server.Http2.Hpack;

/// <summary>The fields that every connection knows (RFC 7541, appendix A).</summary>
internal static class StaticTable
{
    private static readonly (string Name, string Value)[] Entries =
    [
        (":authority", ""), (":method", "GET"), (":method", "POST"), (":path", "/"), (":path", "/index.html"), (":scheme", "http"),
        (":scheme", "https"), (":status", "200"), (":status", "204"), (":status", "206"), (":status", "304"), (":status", "400"),
        (":status", "404"), (":status", "500"), ("accept-charset", ""), ("accept-encoding", "gzip, deflate"), ("accept-language", ""),
        ("accept-ranges", ""), ("accept", ""), ("access-control-allow-origin", ""), ("age", ""), ("allow", ""), ("authorization", ""),
        ("cache-control", ""), ("content-disposition", ""), ("content-encoding", ""), ("content-language", ""), ("content-length", ""),
        ("content-location", ""), ("content-range", ""), ("content-type", ""), ("cookie", ""), ("date", ""), ("etag", ""), ("expect", ""),
        ("expires", ""), ("from", ""), ("host", ""), ("if-match", ""), ("if-modified-since", ""), ("if-none-match", ""), ("if-range", ""),
        ("if-unmodified-since", ""), ("last-modified", ""), ("link", ""), ("location", ""), ("max-forwards", ""), ("proxy-authenticate", ""),
        ("proxy-authorization", ""), ("range", ""), ("referer", ""), ("refresh", ""), ("retry-after", ""), ("server", ""), ("set-cookie", ""),
        ("strict-transport-security", ""), ("transfer-encoding", ""), ("user-agent", ""), ("vary", ""), ("via", ""), ("www-authenticate", ""),
    ];

    private static readonly HeaderField[] Fields = [.. Entries.Select(entry => new HeaderField(entry.Name, entry.Value))];
    private static readonly Dictionary<string, int> Names =
        Entries.Select((entry, i) => (entry.Name, Index: i + 1)).GroupBy(entry => entry.Name).ToDictionary(group => group.Key, group => group.First().Index, StringComparer.OrdinalIgnoreCase);

    public static int Count => Fields.Length;

    /// <summary>The field with a number, counted from 1.</summary>
    public static HeaderField Get(int index) => Fields[index - 1];

    /// <summary>The name of the field with a number, as it is written there.</summary>
    public static string NameOf(int index) => Entries[index - 1].Name;

    /// <summary>The number of the first field with a name; 0 for none.</summary>
    public static int Find(string name) => Names.GetValueOrDefault(name);
}
