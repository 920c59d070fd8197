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

    /// <summary>For whom the request is; null where nobody says.</summary>
    public string? Tenant { get; init; }

    /// <param name="headers">The request's headers.</param>
    /// <param name="tenantHeader">The header that names the tenant; null for none.</param>
    public static Outcome<CallHeaders> Read(IHeaderDictionary headers, string? tenantHeader = null)
    {
        var failure = ReadNumber(headers, TimeoutHeader, out var timeout);
        failure = ReadNumber(headers, PriorityHeader, out var priority) ?? failure;
        return failure is null
            ? new CallHeaders(timeout > 0 ? TimeSpan.FromMilliseconds(timeout.Value) : null, priority ?? 0) { Tenant = ReadTenant(headers, tenantHeader) }
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

    /// <summary>The value of the header that names the tenant; null where it is not sent.</summary>
    public static string? ReadTenant(IHeaderDictionary headers, string? name) =>
        name is { Length: > 0 } && headers.TryGetValue(name, out var tenant) ? tenant.ToString() : null;

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
