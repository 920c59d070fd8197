namespace Serving.Benchmarks.Reporting;

/// <summary>A row of the table.</summary>
/// <param name="Definition">What was measured.</param>
/// <param name="Value">The figure over the rounds; null where it was not measured.</param>
/// <param name="Parts">What the figure is made of.</param>
internal sealed record MeasureResult(MeasureDefinition Definition, Spread? Value, params Part[] Parts)
{
    /// <summary>Why there is no figure.</summary>
    public string? NotMeasured { get; private init; }

    public static MeasureResult Without(MeasureDefinition definition, string reason) => new(definition, Value: null) { NotMeasured = reason };
}
