using System.Globalization;
using Serving.Runtime.Tokenization.Unicode;

namespace Serving.Runtime.Tokenization.Patterns;

/// <summary>Reads the escapes that stand for a character or a set, inside and outside of brackets.</summary>
internal static class EscapeReader
{
    /// <summary>Reads the escape at <paramref name="at"/>, and moves behind it.</summary>
    public static (CodePointSet? Set, int Literal) Read(string pattern, ref int at, bool inBrackets = false)
    {
        var letter = pattern[at + 1];
        var start = at;
        at += 2;
        if (letter is 'p' or 'P' && at < pattern.Length && pattern[at] == '{')
        {
            return (ReadProperty(pattern, letter == 'P', ref at), 0);
        }

        if (NamedSets.Escape(letter, inBrackets) is { } set)
        {
            return (set, 0);
        }

        switch (letter)
        {
            case 't':
                return (null, '\t');
            case 'n':
                return (null, '\n');
            case 'r':
                return (null, '\r');
            case 'f':
                return (null, '\f');
            case 'v':
                return (null, '\v');
            case 'a':
                return (null, '\a');
            case 'e':
                return (null, 0x1B);
            case '0':
                return (null, Number(pattern, ref at, 2, 8));
            case 'u':
                return (null, Number(pattern, ref at, 4, 16));
            case 'x' when at < pattern.Length && pattern[at] == '{':
                var end = pattern.IndexOf('}', at);
                if (end < 0 || !int.TryParse(pattern.AsSpan(at + 1, end - at - 1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code) || code is < 0 or >= CodePointSet.End)
                {
                    throw new PatternException($"'\\x{{' without the number of a character, at character {start + 1}");
                }

                at = end + 1;
                return (null, code);
            case 'x':
                return (null, Number(pattern, ref at, 2, 16));
            default:
                var literal = CodePoints.At(pattern, start + 1, out var length);
                at = start + 1 + length;
                return (null, literal);
        }
    }

    private static CodePointSet ReadProperty(string pattern, bool isNegative, ref int at)
    {
        var end = pattern.IndexOf('}', at);
        if (end < 0)
        {
            throw new PatternException($"'\\p{{' without its '}}', at character {at - 1}");
        }

        var name = pattern[(at + 1)..end];
        if (name.StartsWith('^'))
        {
            name = name[1..];
            isNegative = !isNegative;
        }

        var set = NamedSets.Property(name) ?? throw new PatternException($"there is no property '{name}', at character {at - 1}");
        at = end + 1;
        return isNegative ? set.Complement() : set;
    }

    private static int Number(string pattern, ref int at, int most, int radix)
    {
        var value = 0;
        for (var end = at + most; at < end && at < pattern.Length && Digit(pattern[at]) is var digit and >= 0 && digit < radix; at++)
        {
            value = value * radix + digit;
        }

        return value;
    }

    private static int Digit(char c) => char.IsAsciiHexDigit(c) ? Convert.ToInt32(c.ToString(), 16) : -1;
}
