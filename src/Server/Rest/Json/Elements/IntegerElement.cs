using System.Globalization;
using System.Numerics;
using System.Text.Json;

namespace Serving.Server.Rest.Json.Elements;

/// <summary>Whole numbers. <c>3.0</c> and <c>3e0</c> are whole, since JSON has one kind of number; <c>3.5</c> is refused, not rounded.</summary>
internal readonly struct IntegerElement<T> : IJsonElement<T>
    where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
{
    /// <summary>A sign and the 19 digits of the longest.</summary>
    public static int LongestText => 20;

    public static string Allowed => string.Create(CultureInfo.InvariantCulture, $"a whole number from {T.MinValue} to {T.MaxValue}");

    public static bool TryRead(ref Utf8JsonReader reader, out T value)
    {
        value = default;
        return reader.TokenType == JsonTokenType.Number
            && (T.TryParse(reader.ValueSpan, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value)
                || TryReadWhole(reader.ValueSpan, out value));
    }

    public static int Write(T value, Span<byte> target)
    {
        value.TryFormat(target, out var written, default, CultureInfo.InvariantCulture);
        return written;
    }

    private static bool TryReadWhole(ReadOnlySpan<byte> text, out T value)
    {
        value = default;

        // A decimal holds every 64-bit number exactly.
        if (!decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || !decimal.IsInteger(number)
            || number < decimal.CreateChecked(T.MinValue) || number > decimal.CreateChecked(T.MaxValue))
        {
            return false;
        }

        value = T.CreateChecked(number);
        return true;
    }
}
