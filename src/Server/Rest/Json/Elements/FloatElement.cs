using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Serving.Server.Rest.Json.Numbers;

namespace Serving.Server.Rest.Json.Elements;

/// <summary>Half, single and double precision: nearest value when read, shortest text that reads back the same when written.</summary>
internal readonly struct FloatElement<T> : IJsonElement<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
{
    public static int Room => NumberText.Room;

    public static string Allowed => string.Create(
        CultureInfo.InvariantCulture, $"a number from {T.MinValue} to {T.MaxValue}, \"NaN\", \"Infinity\" or \"-Infinity\"");

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryRead(in ShortNumber number, out T value)
    {
        var nearest = NearestBinary.Divide(number);
        if (typeof(T) == typeof(double))
        {
            value = Unsafe.BitCast<double, T>(nearest);
            return true;
        }

        if (typeof(T) == typeof(float))
        {
            var isNearest = NearestBinary.TryRound(nearest, out var single);
            value = Unsafe.BitCast<float, T>(single);
            return isNearest;
        }

        return TryNarrow(nearest, out value) && T.IsFinite(value);
    }

    public static bool TryRead(in JsonNumber number, out T value)
    {
        value = default;
        var isRead = number.IsExact && TryScale(number.Digits, number.Exponent, out value);
        if (isRead)
        {
            value = number.IsNegative ? -value : value;
        }

        return (isRead || T.TryParse(number.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out value)) && T.IsFinite(value);
    }

    public static bool TryRead(JsonTokenType token, ReadOnlySpan<byte> text, out T value)
    {
        value = default;
        return token == JsonTokenType.String && NonFinite.TryRead(text, out value);
    }

    public static int Write(T value, Span<byte> target) => !T.IsFinite(value) ? NonFinite.Write(value, target)
        : typeof(T) == typeof(float) ? NumberText.Write(Unsafe.BitCast<T, float>(value), target)
        : typeof(T) == typeof(double) ? NumberText.Write(Unsafe.BitCast<T, double>(value), target)
        : NumberText.Write(Unsafe.BitCast<T, Half>(value), target);

    private static bool TryScale(ulong digits, int exponent, out T value)
    {
        if (typeof(T) == typeof(float))
        {
            var isFound = NearestBinary.TryGetFloat(digits, exponent, out var single);
            value = Unsafe.BitCast<float, T>(single);
            return isFound;
        }

        var isNearest = NearestBinary.TryGetDouble(digits, exponent, out var number);
        value = T.CreateTruncating(number);
        return isNearest && (typeof(T) == typeof(double) || TryNarrow(number, out value));
    }

    /// <summary>Rounds again where the first rounding cannot matter: the double is no middle of two halves.</summary>
    private static bool TryNarrow(double number, out T value)
    {
        const ulong BitsBelowMiddles = (1UL << 41) - 1;
        value = T.CreateTruncating(number);
        return (BitConverter.DoubleToUInt64Bits(number) & BitsBelowMiddles) != 0 || double.CreateTruncating(value) == number;
    }
}
