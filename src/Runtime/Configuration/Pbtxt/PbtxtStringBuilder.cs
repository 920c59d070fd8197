using System.Globalization;
using System.Text;

namespace Serving.Runtime.Configuration.Pbtxt;

/// <summary>Builds a string from characters and escapes. Escapes stand for bytes, and only all of them together need be UTF-8.</summary>
internal sealed class PbtxtStringBuilder
{
    private const string NotUtf8 = "the string that begins here is not valid UTF-8";

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly TextPosition _start;
    private readonly List<byte> _bytes = [];
    private readonly StringBuilder _plain = new();

    public PbtxtStringBuilder(TextPosition start) => _start = start;

    public void Append(char c) => _plain.Append(c);

    /// <summary>Appends what the text after a backslash stands for; answers how many characters it took.</summary>
    public int AppendEscape(ReadOnlySpan<char> text)
    {
        var letter = text.IsEmpty ? '\0' : text[0];
        switch (letter)
        {
            case 'x' or 'X':
                return 1 + AppendByte(text[1..], 2, 16);
            case >= '0' and <= '7':
                return AppendByte(text, 3, 8);
            case 'u':
                return 1 + AppendRune(text[1..], 4);
            case 'U':
                return 1 + AppendRune(text[1..], 8);
            default:
                Append(Unescape(letter));
                return 1;
        }
    }

    public string Build()
    {
        Flush();
        try
        {
            return Utf8.GetString(_bytes.ToArray());
        }
        catch (DecoderFallbackException)
        {
            throw new PbtxtSyntaxException(_start, NotUtf8);
        }
    }

    private char Unescape(char letter) => letter switch
    {
        'a' => '\a',
        'b' => '\b',
        'f' => '\f',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'v' => '\v',
        '\\' or '\'' or '"' or '?' => letter,
        _ => throw new PbtxtSyntaxException(_start, $"the string that begins here has the unknown escape {ConfigErrors.Quote("\\" + letter)}"),
    };

    private int AppendByte(ReadOnlySpan<char> text, int longest, int radix)
    {
        var (value, length) = ReadDigits(text, longest, radix);
        if (length == 0 || value > byte.MaxValue)
        {
            throw new PbtxtSyntaxException(_start, "the string that begins here has an escape that is no byte");
        }

        Flush();
        _bytes.Add((byte)value);
        return length;
    }

    private int AppendRune(ReadOnlySpan<char> text, int digits)
    {
        var (value, length) = ReadDigits(text, digits, 16);
        if (length != digits || !Rune.IsValid((uint)value))
        {
            throw new PbtxtSyntaxException(_start, "the string that begins here has an escape that is no character");
        }

        _plain.Append(new Rune((uint)value).ToString());
        return digits;
    }

    private static (long Value, int Length) ReadDigits(ReadOnlySpan<char> text, int longest, int radix)
    {
        var value = 0L;
        var length = 0;
        while (length < longest && length < text.Length
            && int.TryParse(text.Slice(length, 1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var digit)
            && digit < radix)
        {
            value = (value * radix) + digit;
            length++;
        }

        return (value, length);
    }

    private void Flush()
    {
        try
        {
            _bytes.AddRange(Utf8.GetBytes(_plain.ToString()));
            _plain.Clear();
        }
        catch (EncoderFallbackException)
        {
            throw new PbtxtSyntaxException(_start, NotUtf8);
        }
    }
}
