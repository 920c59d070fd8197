namespace Serving.Benchmarks.Reporting;

/// <summary>What is measured and what would be good.</summary>
/// <param name="Id">Such as P1.</param>
/// <param name="Name">What the figure is.</param>
/// <param name="Unit">Empty for a ratio.</param>
/// <param name="BestKnown">The best that is known of others or was reached before.</param>
/// <param name="Goal">What should be reached, and in brackets what is hoped for.</param>
internal sealed record MeasureDefinition(string Id, string Name, string Unit, string BestKnown, string Goal);
