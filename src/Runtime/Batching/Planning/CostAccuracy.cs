namespace Serving.Runtime.Batching.Planning;

/// <summary>How well runs were predicted, summed up over all that could be.</summary>
/// <param name="Measured">Seconds that they took.</param>
/// <param name="Predicted">Seconds that they were expected to take, as known before each.</param>
/// <param name="Missed">The differences, whichever way they went.</param>
internal readonly record struct CostAccuracy(double Measured, double Predicted, double Missed)
{
    public CostAccuracy With(double measured, double predicted) =>
        new(Measured + measured, Predicted + predicted, Missed + Math.Abs(measured - predicted));
}
