using System.Globalization;

namespace Serving.Server.Hosting.Settings;

/// <summary>Durations as people write them: <c>500ms</c>, <c>2s</c>, <c>1.5m</c>, <c>1h</c>, or <c>00:00:02</c>.</summary>
internal static class Duration
{
    /// <summary>Longest suffix first: <c>ms</c> also ends with <c>s</c>.</summary>
    private static readonly (string Suffix, long Ticks)[] Units =
    [
        ("us", TimeSpan.TicksPerMicrosecond),
        ("ms", TimeSpan.TicksPerMillisecond),
        ("s", TimeSpan.TicksPerSecond),
        ("m", TimeSpan.TicksPerMinute),
        ("h", TimeSpan.TicksPerHour),
        ("d", TimeSpan.TicksPerDay),
    ];

    /// <summary>A bare number other than 0 is refused: to .NET it is days, to everybody else seconds.</summary>
    public static bool TryParse(string text, out TimeSpan value)
    {
        text = text.Trim();
        if (text == "0")
        {
            value = TimeSpan.Zero;
            return true;
        }

        if (text.Contains(':', StringComparison.Ordinal))
        {
            return TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out value);
        }

        foreach (var (suffix, ticks) in Units)
        {
            if (text.EndsWith(suffix, StringComparison.OrdinalIgnoreCase))
            {
                return TryScale(text.AsSpan(0, text.Length - suffix.Length), ticks, out value);
            }
        }

        value = default;
        return false;
    }

    /// <summary>The shortest text that <see cref="TryParse"/> reads back: the largest unit of which it is a whole number.</summary>
    public static string Format(TimeSpan value)
    {
        for (var i = Units.Length - 1; i >= 0; i--)
        {
            if (value.Ticks != 0 && value.Ticks % Units[i].Ticks == 0)
            {
                return string.Create(CultureInfo.InvariantCulture, $"{value.Ticks / Units[i].Ticks}{Units[i].Suffix}");
            }
        }

        return value == TimeSpan.Zero ? "0s" : value.ToString("c", CultureInfo.InvariantCulture);
    }

    private static bool TryScale(ReadOnlySpan<char> number, long ticks, out TimeSpan value)
    {
        const NumberStyles Style = NumberStyles.AllowDecimalPoint | NumberStyles.AllowTrailingWhite;
        value = default;
        if (!decimal.TryParse(number, Style, CultureInfo.InvariantCulture, out var count) || count > long.MaxValue / ticks)
        {
            return false;
        }

        value = TimeSpan.FromTicks((long)(count * ticks));
        return true;
    }
}
