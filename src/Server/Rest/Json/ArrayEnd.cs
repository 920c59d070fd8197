using System.Text.Json;

namespace Serving.Server.Rest.Json;

/// <summary>Finds the end of an array that will be read later, by its brackets alone: whether it is JSON is seen then.</summary>
internal static class ArrayEnd
{
    /// <summary>Skips the value that the reader stands on and leaves it on the value's last token.</summary>
    /// <param name="reader">Stands on the first token of the value.</param>
    /// <param name="json">What the reader reads, from any position before that token to the end.</param>
    public static void Skip(ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        if (reader.TokenType == JsonTokenType.StartArray && json.Overlaps(reader.ValueSpan, out var start) && Find(json[start..]) is var end and > 0)
        {
            JsonText.SkipTo(ref reader, json[(start + end)..]);
            return;
        }

        reader.Skip();
    }

    /// <summary>Where the bracket stands that closes the first, or -1.</summary>
    private static int Find(ReadOnlySpan<byte> json)
    {
        var depth = 0;
        for (var at = 0; ; at++)
        {
            var next = json[at..].IndexOfAny((byte)'[', (byte)']', (byte)'"');
            if (next < 0)
            {
                return -1;
            }

            at += next;
            switch (json[at])
            {
                case (byte)'[':
                    depth++;
                    break;
                case (byte)']' when --depth == 0:
                    return at;
                case (byte)'"' when !TrySkipString(json, ref at):
                    return -1;
            }
        }
    }

    /// <summary>Goes from a string's first quote to its last.</summary>
    private static bool TrySkipString(ReadOnlySpan<byte> json, ref int at)
    {
        for (at++; at < json.Length; at += 2)
        {
            var next = json[at..].IndexOfAny((byte)'"', (byte)'\\');
            at += Math.Max(next, 0);
            if (next < 0 || json[at] == '"')
            {
                return next >= 0;
            }
        }

        return false;
    }
}
