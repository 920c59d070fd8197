using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using Serving.Runtime.Tensors;

namespace Serving.Fuzz.Reference;

/// <summary>Elements of tensors in JSON, read from a <see cref="JsonElement"/> without thought for speed.</summary>
internal static class ElementReference
{
    /// <summary>Numbers with more digits or larger exponents are left to the reader: how it rounds them is its own affair.</summary>
    private const int MostDigits = 28;

    private const int LargestExponent = 400;

    /// <summary>Appends the bytes that the engine takes.</summary>
    public static Judgement Append(JsonElement element, ElementType type, List<byte> bytes)
    {
        switch (type)
        {
            case ElementType.Bytes:
                return AppendText(element, bytes);
            case ElementType.Float16 or ElementType.BFloat16 or ElementType.Float32 or ElementType.Float64:
                return AppendFloat(element, type, bytes);
            case ElementType.Bool when element.ValueKind is JsonValueKind.True or JsonValueKind.False:
                bytes.Add(element.ValueKind == JsonValueKind.True ? (byte)1 : (byte)0);
                return Judgement.Valid;
            default:
                return AppendInteger(element, type, bytes);
        }
    }

    private static Judgement AppendText(JsonElement element, List<byte> bytes)
    {
        if (element.ValueKind != JsonValueKind.String || Text(element) is not { } text)
        {
            return Judgement.Invalid;
        }

        var utf8 = Encoding.UTF8.GetBytes(text);
        bytes.AddRange(BitConverter.GetBytes(utf8.Length));
        bytes.AddRange(utf8);
        return Judgement.Valid;
    }

    /// <summary>A string; null where it holds half of a surrogate pair.</summary>
    public static string? Text(JsonElement element)
    {
        try
        {
            return element.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static Judgement AppendFloat(JsonElement element, ElementType type, List<byte> bytes)
    {
        var raw = element.GetRawText();
        var text = raw switch { "\"NaN\"" => "NaN", "\"Infinity\"" => "Infinity", "\"-Infinity\"" => "-Infinity", _ => raw };
        if (element.ValueKind != JsonValueKind.Number && text == raw)
        {
            return Judgement.Invalid;
        }

        var isFinite = text == raw;
        switch (type)
        {
            case ElementType.Float16:
                var half = Half.Parse(text, CultureInfo.InvariantCulture);
                bytes.AddRange(BitConverter.GetBytes(half));
                return Half.IsFinite(half) == isFinite ? Judgement.Valid : Judgement.Invalid;
            case ElementType.Float32:
                var single = float.Parse(text, CultureInfo.InvariantCulture);
                bytes.AddRange(BitConverter.GetBytes(single));
                return float.IsFinite(single) == isFinite ? Judgement.Valid : Judgement.Invalid;
            case ElementType.Float64:
                var number = double.Parse(text, CultureInfo.InvariantCulture);
                bytes.AddRange(BitConverter.GetBytes(number));
                return double.IsFinite(number) == isFinite ? Judgement.Valid : Judgement.Invalid;
            default:
                var upper = ToBFloat16(double.Parse(text, CultureInfo.InvariantCulture));
                bytes.AddRange(BitConverter.GetBytes(upper));
                return ((upper & 0x7F80) != 0x7F80) == isFinite ? Judgement.Valid : Judgement.Invalid;
        }
    }

    /// <summary>The nearest of the two neighbours, that with the even last bit where both are as near.</summary>
    private static ushort ToBFloat16(double value)
    {
        if (double.IsNaN(value))
        {
            return 0x7FC0;
        }

        var magnitude = Math.Abs(value);
        var low = (uint)(BitConverter.SingleToUInt32Bits(float.IsInfinity((float)magnitude) && double.IsFinite(magnitude) ? float.MaxValue : (float)magnitude) >> 16);
        low -= low > 0 && Widen(low) > magnitude ? 1u : 0;
        var (below, above) = (magnitude - Widen(low), Widen(low + 1) - magnitude);
        var nearest = double.IsInfinity(magnitude) || below < above || (below == above && (low & 1) == 0) ? low : low + 1;
        return (ushort)(nearest | (double.IsNegative(value) ? 0x8000u : 0));
    }

    /// <summary>As a double, where infinity is the number that would come next.</summary>
    private static double Widen(uint bits) => bits == 0x7F80 ? Math.Pow(2, 128) : BitConverter.UInt32BitsToSingle(bits << 16);

    private static Judgement AppendInteger(JsonElement element, ElementType type, List<byte> bytes)
    {
        if (element.ValueKind != JsonValueKind.Number)
        {
            return Judgement.Invalid;
        }

        var judgement = Whole(element.GetRawText(), out var number);
        var (least, most) = Range(type);
        if (judgement == Judgement.Valid && (number < least || number > most))
        {
            judgement = Judgement.Invalid;
        }

        Span<byte> laid = stackalloc byte[16];
        laid.Clear();
        if (judgement == Judgement.Valid)
        {
            (number < 0 ? number + (BigInteger.One << 64) : number).TryWriteBytes(laid, out _, isUnsigned: true);
        }

        bytes.AddRange(laid[..type.Size()]);
        return judgement;
    }

    private static Judgement Whole(string text, out BigInteger number)
    {
        var exponentAt = text.IndexOfAny(['e', 'E']);
        var mantissa = exponentAt < 0 ? text : text[..exponentAt];
        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        var digits = mantissa.Replace(".", "", StringComparison.Ordinal);
        number = BigInteger.Parse(digits, CultureInfo.InvariantCulture);
        if (!int.TryParse(exponentAt < 0 ? "0" : text.AsSpan(exponentAt + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var exponent)
            || Math.Abs(exponent) > LargestExponent)
        {
            return Judgement.Unknown;
        }

        var scale = exponent - (point < 0 ? 0 : mantissa.Length - point - 1);
        var power = BigInteger.Pow(10, Math.Abs(scale));
        var isWhole = scale >= 0 || number % power == 0;
        var isPlain = digits.Length <= MostDigits && scale >= -MostDigits;
        number = scale >= 0 ? number * power : number / power;
        return isWhole ? Judgement.Valid : isPlain ? Judgement.Invalid : Judgement.Unknown;
    }

    private static (BigInteger Least, BigInteger Most) Range(ElementType type) => type switch
    {
        ElementType.Bool => (0, 1),
        ElementType.UInt8 or ElementType.UInt16 or ElementType.UInt32 or ElementType.UInt64 => (0, (BigInteger.One << (8 * type.Size())) - 1),
        _ => (-(BigInteger.One << ((8 * type.Size()) - 1)), (BigInteger.One << ((8 * type.Size()) - 1)) - 1),
    };
}
