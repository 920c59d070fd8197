using System.Globalization;

namespace Serving.Runtime.Configuration;

/// <summary>Durations as configurations write them: a number and a unit, such as <c>50ms</c> or <c>1.5h</c>.</summary>
internal static class DurationText
{
    /// <summary>What is allowed, for messages.</summary>
    public const string Allowed = "a duration of at most 24h with a unit (ms, s, m, h), such as 50ms, 2s, 1m or 1h";

    // Longer waits are not meant seriously, and would overflow the arithmetic of deadlines.
    private static readonly TimeSpan Longest = TimeSpan.FromHours(24);

    private static readonly (string Suffix, long Ticks)[] Units =
    [
        ("ms", TimeSpan.TicksPerMillisecond), ("s", TimeSpan.TicksPerSecond), ("m", TimeSpan.TicksPerMinute), ("h", TimeSpan.TicksPerHour),
    ];

    /// <summary>Null where the text is no duration, or one that is not positive or too long.</summary>
    public static TimeSpan? Parse(string text)
    {
        foreach (var (suffix, ticks) in Units)
        {
            if (text.EndsWith(suffix, StringComparison.Ordinal)
                && decimal.TryParse(text.AsSpan(..^suffix.Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount)
                && amount > 0 && amount <= Longest.Ticks)
            {
                var duration = TimeSpan.FromTicks((long)decimal.Min(amount * ticks, long.MaxValue));
                return duration > TimeSpan.Zero && duration <= Longest ? duration : null;
            }
        }

        return null;
    }
}
