namespace Serving.Server.Tracing;

/// <summary>The settings that were given; null where the next wider ones hold: of a model those of the server, of the server its own.</summary>
internal sealed record TraceOverrides(string? File, bool? Timestamps, uint? Rate, int? Count, uint? LogFrequency)
{
    public static TraceOverrides None { get; } = new(null, null, null, null, null);

    public TraceSettings Over(TraceSettings wider) => new(
        File ?? wider.File, Timestamps ?? wider.Timestamps, Rate ?? wider.Rate, Count ?? wider.Count, LogFrequency ?? wider.LogFrequency);
}
