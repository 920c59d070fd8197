namespace Serving.Server.Rest.Json;

/// <summary>Steps over JSON without reading it. What is malformed is noticed later, by the real reader.</summary>
internal static class JsonSpan
{
    /// <summary>The bytes of the string that <paramref name="json"/> begins with, both quotes included; all of it where it does not end.</summary>
    public static int StringLength(ReadOnlySpan<byte> json)
    {
        for (var position = 1; position < json.Length;)
        {
            var next = json[position..].IndexOfAny((byte)'"', (byte)'\\');
            if (next < 0)
            {
                break;
            }

            position += next;
            if (json[position] == (byte)'"')
            {
                return position + 1;
            }

            position += 2;
        }

        return json.Length;
    }

    /// <summary>Whether there is anything but white space.</summary>
    public static bool HasContent(ReadOnlySpan<byte> json) => json.ContainsAnyExcept(" \t\r\n"u8);
}
