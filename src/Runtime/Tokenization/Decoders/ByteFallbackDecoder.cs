using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace Serving.Runtime.Tokenization.Decoders;

/// <summary>Runs of tokens such as &lt;0xE5&gt; become what their bytes say, or one U+FFFD for each byte where that is no UTF-8.</summary>
internal sealed class ByteFallbackDecoder : IDecoder
{
    public List<string> Decode(List<string> tokens)
    {
        var decoded = new List<string>(tokens.Count);
        var bytes = new List<byte>();
        foreach (var token in tokens)
        {
            if (ByteOf(token) is { } one)
            {
                bytes.Add(one);
                continue;
            }

            Flush(bytes, decoded);
            decoded.Add(token);
        }

        Flush(bytes, decoded);
        return decoded;
    }

    // The library's parser also takes one digit with a plus sign before it.
    private static byte? ByteOf(string token)
    {
        if (token.Length != 6 || !token.StartsWith("<0x", StringComparison.Ordinal) || token[5] != '>')
        {
            return null;
        }

        var digits = token[3] == '+' ? token.AsSpan(4, 1) : token.AsSpan(3, 2);
        return byte.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) ? value : null;
    }

    private static void Flush(List<byte> bytes, List<string> decoded)
    {
        if (bytes.Count == 0)
        {
            return;
        }

        byte[] all = [.. bytes];
        if (Utf8.IsValid(all))
        {
            decoded.Add(Encoding.UTF8.GetString(all));
        }
        else
        {
            decoded.AddRange(Enumerable.Repeat("\uFFFD", all.Length));
        }

        bytes.Clear();
    }
}
