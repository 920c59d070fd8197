namespace Serving.Runtime.Batching.Probe;

/// <summary>How inputs are made that a graph is known to accept.</summary>
/// <param name="Batch">The axes along which rows lie; of a graph that is not batched, those that are likeliest to be.</param>
/// <param name="Sizes">The extents of the other axes that vary.</param>
/// <param name="Values">What they are filled with.</param>
internal sealed record AcceptedSample(Hypothesis Batch, AxisSizes Sizes, SampleValues Values);
