using Serving.Server.SharedMemory;

namespace Serving.Server.Rest.V2.Requests;

/// <summary>What is known of a request before its body is read.</summary>
/// <param name="Model">The model that the path names.</param>
/// <param name="Version">The version that the path names; null for the model's default.</param>
/// <param name="Headers">What its headers say.</param>
/// <param name="Received">When it was seen, by <paramref name="Time"/>.</param>
/// <param name="Time">The clock of its deadline.</param>
internal readonly record struct InferTarget(string Model, string? Version, InferHeaders Headers, long Received, TimeProvider Time)
{
    /// <summary>What the request may do with shared memory; nothing, unless it is set.</summary>
    public SharedMemoryAccess SharedMemory { get; init; }

    /// <summary>The earlier of the header's deadline and that of the <c>timeout</c> parameter, in microseconds; 0 for none.</summary>
    public long Deadline(ulong? timeoutMicroseconds)
    {
        var header = Headers.Timeout?.TotalSeconds ?? double.PositiveInfinity;
        var parameter = timeoutMicroseconds > 0 ? timeoutMicroseconds.Value / 1e6 : double.PositiveInfinity;
        var ticks = Math.Min(header, parameter) * Time.TimestampFrequency;

        // A deadline beyond the clock's end is none.
        return ticks < long.MaxValue / 2 ? Received + (long)Math.Max(1, ticks) : 0;
    }
}
