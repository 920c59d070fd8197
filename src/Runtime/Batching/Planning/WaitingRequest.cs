namespace Serving.Runtime.Batching.Planning;

/// <summary>What the planner knows of a request that waits.</summary>
/// <param name="Rows">Its rows.</param>
/// <param name="Length">The length of each; 1 for a model without lengths.</param>
/// <param name="Arrived">When it came, in seconds of the planner's clock.</param>
/// <param name="Deadline">When its answer becomes worthless; infinity for never.</param>
internal readonly record struct WaitingRequest(int Rows, int Length, double Arrived, double Deadline = double.PositiveInfinity);
