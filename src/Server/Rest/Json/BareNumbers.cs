using System.Buffers;

namespace Serving.Server.Rest.Json;

/// <summary>
/// The words NaN, Infinity and -Infinity without quotes. They are no JSON, but TensorFlow Serving and Triton read them, and
/// Python's json and rapidjson modules send them. Quoted, they are what the readers of numbers understand.
/// </summary>
internal static class BareNumbers
{
    private static readonly SearchValues<byte> Starts = SearchValues.Create("\"NI"u8);

    private static ReadOnlySpan<byte> NaN => "NaN"u8;

    private static ReadOnlySpan<byte> Infinity => "Infinity"u8;

    /// <summary>The same JSON with such words in quotes, which the caller disposes; null where there are none.</summary>
    public static PooledBufferWriter? Quote(ReadOnlySpan<byte> json)
    {
        if (json.IndexOf(NaN) < 0 && json.IndexOf(Infinity) < 0)
        {
            return null;
        }

        var quoted = new PooledBufferWriter(json.Length + (json.Length / 8));
        while (json.IndexOfAny(Starts) is var at and >= 0)
        {
            var rest = json[at..];
            var word = rest.StartsWith(NaN) ? NaN : rest.StartsWith(Infinity) ? Infinity : default;
            var length = word.Length > 0 ? word.Length : rest[0] == (byte)'"' ? JsonSpan.StringLength(rest) : 1;
            if (word.Length > 0)
            {
                // The sign belongs between the quotes.
                var isNegative = at > 0 && json[at - 1] == (byte)'-';
                quoted.Write(isNegative ? json[..(at - 1)] : json[..at]);
                quoted.Write(isNegative ? "\"-"u8 : "\""u8);
                quoted.Write(word);
                quoted.Write("\""u8);
            }
            else
            {
                quoted.Write(json[..(at + length)]);
            }

            json = json[(at + length)..];
        }

        quoted.Write(json);
        return quoted;
    }
}
