namespace Serving.Server.Http2.Hpack;

/// <summary>
/// Fields that came spelled out lately, by their bytes: clients repeat what they do not have remembered, such as the path and the
/// length. Bounded, and a place is simply taken by who comes next.
/// </summary>
internal sealed class LiteralCache
{
    /// <summary>Longer ones are not kept.</summary>
    public const int LongestKey = 192;

    /// <summary>A power of two. Arbitrary: several times the fields of a request.</summary>
    private const int Places = 64;

    private readonly (byte[] Key, HeaderField Field)[] _places = new (byte[], HeaderField)[Places];

    /// <summary>The field that came as these bytes, if it is there.</summary>
    public bool TryGet(ReadOnlySpan<byte> key, out HeaderField field)
    {
        ref readonly var place = ref _places[PlaceOf(key)];
        field = place.Field;
        return place.Key is { } known && key.SequenceEqual(known);
    }

    public void Add(ReadOnlySpan<byte> key, HeaderField field)
    {
        if (key.Length <= LongestKey)
        {
            _places[PlaceOf(key)] = (key.ToArray(), field);
        }
    }

    private static int PlaceOf(ReadOnlySpan<byte> key)
    {
        // The bytes that differ between a client's fields are the first and the last ones.
        var hash = (uint)key.Length * 2654435761u;
        var last = key.Length - 1;
        hash = (hash ^ key[0]) * 2654435761u;
        hash = (hash ^ key[last / 2]) * 2654435761u;
        hash = (hash ^ key[last]) * 2654435761u;
        return (int)(hash >> 26);
    }
}
