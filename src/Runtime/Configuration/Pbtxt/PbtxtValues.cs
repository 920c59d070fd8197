using System.Globalization;

namespace Serving.Runtime.Configuration.Pbtxt;

/// <summary>Reads scalars as protobuf's text format defines them; null where the value is of another kind.</summary>
internal static class PbtxtValues
{
    /// <summary>A decimal, hexadecimal (<c>0x1F</c>) or octal (<c>017</c>) integer.</summary>
    public static long? Integer(PbtxtNode? node)
    {
        if (node is not PbtxtNode.Scalar { Kind: PbtxtTokenKind.Number } scalar)
        {
            return null;
        }

        var negative = scalar.Text[0] == '-';
        var digits = negative ? scalar.Text.AsSpan(1) : scalar.Text;
        if (Magnitude(digits) is not { } magnitude || magnitude > (negative ? -(Int128)long.MinValue : long.MaxValue))
        {
            return null;
        }

        return (long)(negative ? -magnitude : magnitude);
    }

    public static bool? Flag(PbtxtNode? node) => (node as PbtxtNode.Scalar) switch
    {
        { Kind: PbtxtTokenKind.Identifier, Text: "true" or "True" or "t" } => true,
        { Kind: PbtxtTokenKind.Identifier, Text: "false" or "False" or "f" } => false,
        { Kind: PbtxtTokenKind.Number } => Integer(node) switch { 0 => false, 1 => true, _ => null },
        _ => null,
    };

    public static string? Text(PbtxtNode? node) => node is PbtxtNode.Scalar { Kind: PbtxtTokenKind.String } scalar ? scalar.Text : null;

    /// <summary>An enumerator's number; it can be given by name or number, and <paramref name="names"/> is in the order of the numbers.</summary>
    public static int? Enumerator(PbtxtNode? node, IReadOnlyList<string> names)
    {
        if (Integer(node) is { } number)
        {
            return number >= 0 && number < names.Count ? (int)number : null;
        }

        var scalar = node as PbtxtNode.Scalar;
        for (var i = 0; i < names.Count; i++)
        {
            if (scalar is { Kind: PbtxtTokenKind.Identifier } && scalar.Text == names[i])
            {
                return i;
            }
        }

        return null;
    }

    private static Int128? Magnitude(ReadOnlySpan<char> digits)
    {
        if (digits.StartsWith("0x") || digits.StartsWith("0X"))
        {
            return ulong.TryParse(digits[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var hex) ? hex : null;
        }

        if (digits.Length > 1 && digits[0] == '0')
        {
            return Octal(digits[1..]);
        }

        return ulong.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;
    }

    private static Int128? Octal(ReadOnlySpan<char> digits)
    {
        var value = Int128.Zero;
        foreach (var digit in digits)
        {
            if (digit is < '0' or > '7' || value > ulong.MaxValue)
            {
                return null;
            }

            value = (value * 8) + (digit - '0');
        }

        return value;
    }
}
