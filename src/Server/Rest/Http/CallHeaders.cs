using System.Globalization;
using Serving.Runtime.Inference;

namespace Serving.Server.Rest.Http;

/// <summary>What the headers of any inference say, whatever the dialect.</summary>
/// <param name="Timeout">How long the client waits; null for as long as it takes.</param>
/// <param name="Priority">1 is the most urgent; 0 for the model's default.</param>
internal readonly record struct CallHeaders(TimeSpan? Timeout, int Priority)
{
    private const string TimeoutHeader = "X-Request-Timeout-Ms";
    private const string PriorityHeader = "X-Priority";

    public static Outcome<CallHeaders> Read(IHeaderDictionary headers)
    {
        var failure = ReadNumber(headers, TimeoutHeader, out var timeout);
        failure = ReadNumber(headers, PriorityHeader, out var priority) ?? failure;
        return failure is null
            ? new CallHeaders(timeout > 0 ? TimeSpan.FromMilliseconds(timeout.Value) : null, priority ?? 0)
            : failure;
    }

    /// <summary>A header that holds a whole number, null where it is not sent. Returns what is wrong with it.</summary>
    public static InferenceFailure? ReadNumber(IHeaderDictionary headers, string name, out int? value)
    {
        value = null;
        if (!headers.TryGetValue(name, out var text))
        {
            return null;
        }

        if (int.TryParse(text.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            value = number;
            return null;
        }

        return InferenceFailure.InvalidInput($"header {name} is '{text}', expected a whole number from 0 to {int.MaxValue}");
    }

    /// <summary>The timestamp at which a request that was received then is worthless; 0 for never.</summary>
    public static long Deadline(long received, double seconds, TimeProvider time)
    {
        var ticks = seconds * time.TimestampFrequency;

        // A deadline beyond the clock's end is none.
        return ticks < long.MaxValue / 2 ? received + (long)Math.Max(1, ticks) : 0;
    }

    /// <summary>The deadline by the header alone; 0 for none.</summary>
    public long Deadline(long received, TimeProvider time) =>
        Timeout is { } timeout ? Deadline(received, timeout.TotalSeconds, time) : 0;
}
