namespace Serving.Server.Http2.Hpack;

/// <summary>
/// Reads the Huffman code of RFC 7541, appendix B. The code is canonical: among codes of a length, the symbols ascend, so that the
/// lengths alone tell it (D. E. Knuth, TAOCP 4, section 7.1.4; "limit" decoding).
/// </summary>
internal static class Huffman
{
    private const int Longest = 30;
    private const int EndOfString = 256;

    /// <summary>Bits of each symbol's code, the end of the string included.</summary>
    private static readonly byte[] Lengths =
    [
        13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 28,
        6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6, 5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10,
        13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6,
        15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5, 6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28,
        20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23, 24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24,
        22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23, 21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23,
        26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25, 19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27,
        20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23, 26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26,
        30,
    ];

    /// <summary>The symbols by the length of their code, then by their number.</summary>
    private static readonly short[] Symbols = [.. Enumerable.Range(0, Lengths.Length).OrderBy(symbol => Lengths[symbol]).ThenBy(symbol => symbol).Select(symbol => (short)symbol)];

    /// <summary>For each length, the first code that is longer, in the highest bits of 32; and where its symbols begin, less its first code.</summary>
    private static readonly (uint Limit, int Offset)[] Codes = MakeCodes();

    /// <summary>The most characters that so many bytes can hold.</summary>
    public static int MostCharacters(int bytes) => (bytes * 8) / 5;

    /// <summary>Reads a text, a character for each byte; -1 where it is not valid, else its length.</summary>
    public static int Decode(ReadOnlySpan<byte> source, Span<char> target)
    {
        ulong bits = 0;
        var (held, next, written) = (0, 0, 0);
        while (true)
        {
            while (held <= 56 && next < source.Length)
            {
                bits |= (ulong)source[next++] << (56 - held);
                held += 8;
            }

            // What is left at the end is padding: fewer than eight bits, all of them ones.
            if (next == source.Length && held < 8 && bits >> (64 - 8) == (uint)(0xff << (8 - held) & 0xff))
            {
                return written;
            }

            var length = LengthOf((uint)(bits >> 32));
            if (length > held)
            {
                return -1;
            }

            var symbol = Symbols[Codes[length].Offset + (int)(bits >> (64 - length))];
            if (symbol == EndOfString)
            {
                return -1;
            }

            target[written++] = (char)symbol;
            bits <<= length;
            held -= length;
        }
    }

    private static int LengthOf(uint window)
    {
        var length = 5;
        while (length < Longest && window >= Codes[length].Limit)
        {
            length++;
        }

        return length;
    }

    private static (uint, int)[] MakeCodes()
    {
        var codes = new (uint, int)[Longest + 1];
        var (code, before) = (0u, 0);
        for (var length = 1; length <= Longest; length++)
        {
            code <<= 1;
            var count = Lengths.Count(other => other == length);
            codes[length].Item2 = before - (int)code;
            code += (uint)count;
            before += count;

            // All ones is the last code of the longest length, whose limit does not fit.
            codes[length].Item1 = length == Longest ? uint.MaxValue : code << (32 - length);
        }

        return codes;
    }
}
