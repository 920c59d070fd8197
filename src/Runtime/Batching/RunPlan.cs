using Serving.Runtime.Onnx;

namespace Serving.Runtime.Batching;

/// <summary>What a run of some requests together looks like.</summary>
/// <param name="Inputs">The run's inputs.</param>
/// <param name="Places">For each of them, its place among the model's: those left out are missing.</param>
/// <param name="Outputs">The outputs that any of the requests wants.</param>
/// <param name="Rows">The rows of all requests.</param>
/// <param name="PaddedTo">The lengths that rows are padded to; null where all have the same.</param>
/// <param name="Length">What a row of the run costs grows with this; 1 for a model without lengths.</param>
internal sealed record RunPlan(RunInput[] Inputs, int[] Places, OutputSelection Outputs, int Rows, long[]? PaddedTo, int Length);
