using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Serving.Server.Rest.Json.Numbers;

namespace Serving.Server.Rest.Json.Elements;

/// <summary>Whole numbers. <c>3.0</c> and <c>3e0</c> are whole, since JSON has one kind of number; <c>3.5</c> is refused, not rounded.</summary>
internal readonly struct IntegerElement<T> : IJsonElement<T>
    where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
{
    /// <summary>A sign and the 19 digits of the longest.</summary>
    public static int Room => 20;

    public static string Allowed => string.Create(CultureInfo.InvariantCulture, $"a whole number from {T.MinValue} to {T.MaxValue}");

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryRead(in ShortNumber number, out T value) =>
        TryNarrow(number.SignedDigits, out value) && number.Decimals == 0;

    public static bool TryRead(in JsonNumber number, out T value)
    {
        if (number is { IsExact: true, Exponent: 0, Digits: <= long.MaxValue })
        {
            return TryNarrow(number.IsNegative ? -(long)number.Digits : (long)number.Digits, out value);
        }

        return T.TryParse(number.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value) || TryReadWhole(number.Text, out value);
    }

    public static bool TryRead(JsonTokenType token, ReadOnlySpan<byte> text, out T value)
    {
        value = default;
        return false;
    }

    public static int Write(T value, Span<byte> target)
    {
        value.TryFormat(target, out var written, default, CultureInfo.InvariantCulture);
        return written;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryNarrow(long number, out T value)
    {
        value = T.CreateTruncating(number);
        return long.CreateTruncating(value) == number && T.IsNegative(value) == (number < 0);
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
