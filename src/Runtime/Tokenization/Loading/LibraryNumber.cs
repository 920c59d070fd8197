using System.Globalization;

namespace Serving.Runtime.Tokenization.Loading;

/// <summary>
/// Reads a number with the reference library's JSON parser's rounding, which differs from the nearest value in the last bit
/// now and then: digits as one integer, then one multiplication or division by a power of ten. Where two ways to cut a word
/// have the same score but for rounding, that bit decides.
/// </summary>
internal static class LibraryNumber
{
    // Powers up to this are exact to the last bit of a literal.
    private const int LargestPower = 308;

    private static readonly double[] Powers = [.. Enumerable.Range(0, LargestPower + 1).Select(p => double.Parse($"1e{p}", CultureInfo.InvariantCulture))];

    /// <summary>Reads a number that is known to be valid JSON.</summary>
    public static double Parse(ReadOnlySpan<char> text)
    {
        var isNegative = text[0] == '-';
        var at = isNegative ? 1 : 0;
        ulong digits = 0;
        var exponent = 0;
        var isFull = false;
        var isFraction = false;
        for (; at < text.Length && text[at] is not ('e' or 'E'); at++)
        {
            if (text[at] == '.')
            {
                isFraction = true;
                continue;
            }

            // What does not fit in 64 bits any more is dropped.
            var digit = (uint)(text[at] - '0');
            isFull |= digits > (ulong.MaxValue - digit) / 10;
            if (isFull)
            {
                exponent += isFraction ? 0 : 1;
                continue;
            }

            digits = digits * 10 + digit;
            exponent -= isFraction ? 1 : 0;
        }

        if (at < text.Length)
        {
            exponent += int.TryParse(text[(at + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var stated) ? Math.Clamp(stated, -100_000, 100_000) : 0;
        }

        var value = Scale(digits, exponent);
        return isNegative ? -value : value;
    }

    private static double Scale(double value, int exponent)
    {
        for (; exponent < -LargestPower; exponent += LargestPower)
        {
            if (value == 0)
            {
                return 0;
            }

            value /= Powers[LargestPower];
        }

        return exponent < 0 ? value / Powers[-exponent] : exponent > LargestPower ? double.PositiveInfinity : value * Powers[exponent];
    }
}
