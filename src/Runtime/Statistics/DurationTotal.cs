namespace Serving.Runtime.Statistics;

/// <summary>How often something happened, and how long it took in all.</summary>
public readonly record struct DurationTotal(long Count, TimeSpan Sum);
