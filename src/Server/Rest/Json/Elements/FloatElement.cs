using System.Globalization;
using System.Numerics;
using System.Text.Json;

namespace Serving.Server.Rest.Json.Elements;

/// <summary>Half, single and double precision: nearest value when read, shortest text that reads back the same when written.</summary>
internal readonly struct FloatElement<T> : IJsonElement<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
{
    /// <summary>A double's 17 digits, sign, point and exponent.</summary>
    public static int LongestText => 26;

    public static string Allowed => string.Create(
        CultureInfo.InvariantCulture, $"a number from {T.MinValue} to {T.MaxValue}, \"NaN\", \"Infinity\" or \"-Infinity\"");

    public static bool TryRead(ref Utf8JsonReader reader, out T value)
    {
        if (reader.TokenType == JsonTokenType.Number)
        {
            return T.TryParse(reader.ValueSpan, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && T.IsFinite(value);
        }

        value = default;
        return reader.TokenType == JsonTokenType.String && NonFinite.TryRead(reader.ValueSpan, out value);
    }

    public static int Write(T value, Span<byte> target)
    {
        if (!T.IsFinite(value))
        {
            return NonFinite.Write(value, target);
        }

        value.TryFormat(target, out var written, default, CultureInfo.InvariantCulture);
        return written;
    }
}
