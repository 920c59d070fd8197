using System.Buffers;
using System.Text.Json;

namespace Serving.Server.Rest.Json;

/// <summary>Reads strings into <paramref name="block"/>, one after the other. That they are UTF-8 was checked before.</summary>
internal readonly ref struct BytesRun(PooledBufferWriter block) : IElementRun
{
    /// <summary>What ends a string or needs a closer look: quote, backslash, and the control characters, which JSON forbids.</summary>
    private static readonly SearchValues<byte> Special = SearchValues.Create([(byte)'"', (byte)'\\', .. Enumerable.Range(0, ' ').Select(c => (byte)c)]);

    public bool TryRead(ReadOnlySpan<byte> json, ref int at, out int count)
    {
        for (count = 0; TryReadString(json, ref at); at = JsonSpace.Skip(json, at + 1))
        {
            count++;
            at = JsonSpace.Skip(json, at);
            if (at == json.Length || json[at] != ',')
            {
                return at < json.Length && json[at] == ']';
            }
        }

        return false;
    }

    private bool TryReadString(ReadOnlySpan<byte> json, ref int at)
    {
        if (at == json.Length || json[at] != '"')
        {
            return false;
        }

        var text = json[(at + 1)..];
        var length = text.IndexOfAny(Special);
        if (length < 0 || text[length] != '"')
        {
            return length >= 0 && text[length] == '\\' && TryReadEscaped(json, ref at, length);
        }

        BytesElements.Add(block, text[..length]);
        at += length + 2;
        return true;
    }

    private bool TryReadEscaped(ReadOnlySpan<byte> json, ref int at, int firstEscape)
    {
        var text = json[(at + 1)..];
        var length = firstEscape;
        while (text[length] != '"')
        {
            // A backslash and what it escapes; a control character is refused by the reader below.
            length += 2;
            var next = length < text.Length ? text[length..].IndexOfAny((byte)'"', (byte)'\\') : -1;
            if (next < 0)
            {
                return false;
            }

            length += next;
        }

        var reader = new Utf8JsonReader(json.Slice(at, length + 2));
        at += length + 2;
        try
        {
            return reader.Read() && BytesElements.TryAdd(block, ref reader);
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
