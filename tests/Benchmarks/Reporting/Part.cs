namespace Serving.Benchmarks.Reporting;

/// <summary>One of the figures that a measure is made of.</summary>
internal sealed record Part(string Name, string Unit, Spread Value);
