using System.Text;

namespace Serving.Server.Grpc.Protocol;

/// <summary>The text of <c>grpc-message</c>: UTF-8 with everything but printable ASCII, and the percent sign, percent-encoded.</summary>
internal static class StatusText
{
    /// <summary>Clients refuse more than 8 KB of metadata in all, and would report that instead of the error.</summary>
    private const int Longest = 4096;

    private const string HexDigits = "0123456789ABCDEF";

    public static string Encode(string text)
    {
        if (text.Length <= Longest && !text.AsSpan().ContainsAnyExceptInRange(' ', '~') && !text.Contains('%'))
        {
            return text;
        }

        var encoded = new StringBuilder(text.Length + 16);
        Span<byte> utf8 = stackalloc byte[4];
        foreach (var rune in text.EnumerateRunes())
        {
            var length = rune.EncodeToUtf8(utf8);
            if (encoded.Length + (3 * length) > Longest)
            {
                break;
            }

            foreach (var value in utf8[..length])
            {
                Append(encoded, value);
            }
        }

        return encoded.ToString();
    }

    private static void Append(StringBuilder encoded, byte value)
    {
        if (value is >= (byte)' ' and <= (byte)'~' and not (byte)'%')
        {
            encoded.Append((char)value);
        }
        else
        {
            encoded.Append('%').Append(HexDigits[value >> 4]).Append(HexDigits[value & 15]);
        }
    }
}
