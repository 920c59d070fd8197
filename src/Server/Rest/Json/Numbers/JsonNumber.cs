using System.Buffers.Binary;

namespace Serving.Server.Rest.Json.Numbers;

/// <summary>A number as JSON spells it: sign, digits and a power of ten.</summary>
internal readonly ref struct JsonNumber
{
    /// <summary>No type's range reaches so far, and no sum with it overflows.</summary>
    private const int FarExponent = 1_000_000;

    private const long LongestExponent = 1_000_000_000_000_000;

    private JsonNumber(ReadOnlySpan<byte> text, ulong digits, long exponent, bool isExact)
    {
        Text = text;
        Digits = digits;
        Exponent = (int)Math.Clamp(exponent, -FarExponent, FarExponent);
        IsExact = isExact;
    }

    /// <summary>The number's characters.</summary>
    public ReadOnlySpan<byte> Text { get; }

    public bool IsNegative => Text[0] == '-';

    /// <summary>All digits as a whole number, where <see cref="IsExact"/>.</summary>
    public ulong Digits { get; }

    /// <summary>The power of ten that <see cref="Digits"/> are multiplied with.</summary>
    public int Exponent { get; }

    /// <summary>Whether there are few enough digits for <see cref="Digits"/>.</summary>
    public bool IsExact { get; }

    /// <summary>Reads the number that <paramref name="json"/> begins with; false where it begins with none that JSON allows.</summary>
    public static bool TryRead(ReadOnlySpan<byte> json, out JsonNumber number)
    {
        number = default;
        var digits = 0UL;
        var start = json is [(byte)'-', ..] ? 1 : 0;
        var at = ReadDigits(json, start, ref digits);
        var whole = at - start;
        if (whole == 0 || (whole > 1 && json[start] == '0'))
        {
            return false;
        }

        var decimals = 0;
        if (at < json.Length && json[at] == '.')
        {
            var first = at + 1;
            at = ReadDigits(json, first, ref digits);
            decimals = at - first;
            if (decimals == 0)
            {
                return false;
            }
        }

        var isExact = whole + decimals <= NearestBinary.MostDigits || CountSignificant(json[start..at]) <= NearestBinary.MostDigits;
        var exponent = 0L;
        if (at < json.Length && (json[at] | 0x20) == 'e' && !TryReadExponent(json, ref at, out exponent))
        {
            return false;
        }

        number = new JsonNumber(json[..at], digits, exponent - decimals, isExact);
        return true;
    }

    private static int ReadDigits(ReadOnlySpan<byte> json, int at, ref ulong digits)
    {
        while (json.Length - at >= DigitWord.Digits
            && BinaryPrimitives.ReadUInt64LittleEndian(json[at..]) is var word && DigitWord.IsAllDigits(word))
        {
            digits = (digits * DigitWord.Limit) + DigitWord.ReadText(word);
            at += DigitWord.Digits;
        }

        for (; at < json.Length && char.IsAsciiDigit((char)json[at]); at++)
        {
            digits = (digits * 10) + json[at] - '0';
        }

        return at;
    }

    private static int CountSignificant(ReadOnlySpan<byte> digits)
    {
        var significant = digits.TrimStart("0."u8);
        return significant.Length - (significant.Contains((byte)'.') ? 1 : 0);
    }

    private static bool TryReadExponent(ReadOnlySpan<byte> json, ref int at, out long exponent)
    {
        exponent = 0;
        at++;
        var isNegative = at < json.Length && json[at] == '-';
        at += isNegative || (at < json.Length && json[at] == '+') ? 1 : 0;
        var first = at;
        for (; at < json.Length && char.IsAsciiDigit((char)json[at]); at++)
        {
            exponent = Math.Min(LongestExponent, (exponent * 10) + json[at] - '0');
        }

        exponent = isNegative ? -exponent : exponent;
        return at > first;
    }
}
