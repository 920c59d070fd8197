namespace Serving.Runtime.Tests.Batching.Simulation;

/// <summary>A request of a trace.</summary>
/// <param name="At">When it comes, in seconds from the trace's start.</param>
/// <param name="Rows">Its rows.</param>
/// <param name="Length">The length of each; 1 for a model without lengths.</param>
/// <param name="Patience">Seconds after which its answer is worthless; infinity for never.</param>
internal readonly record struct Arrival(double At, int Rows, int Length, double Patience = double.PositiveInfinity);
