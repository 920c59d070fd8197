using Serving.Runtime.Batching.Padding;
using Serving.Runtime.Inference;

namespace Serving.Runtime.Batching;

/// <summary>A request that fits its model.</summary>
/// <param name="Request">What the client sent.</param>
/// <param name="Inputs">Its inputs in the model's order; null for an optional one left out.</param>
/// <param name="Outputs">The outputs that it wants, in its order.</param>
/// <param name="Rows">Its extent along the batch axis; 1 where the model has none.</param>
/// <param name="Key">What it must share with others in its batch; null where it runs alone.</param>
/// <param name="Lengths">Its lengths, by the classes of the model's padding; empty where only equal shapes share a batch.</param>
internal sealed record AcceptedRequest(
    InferenceRequest Request, InputTensor?[] Inputs, IReadOnlyList<string> Outputs, int Rows, BatchKey? Key, long[] Lengths)
{
    /// <summary>What a row costs grows with this; 1 for a model without lengths.</summary>
    public int Length { get; } = LengthMeasure.Of(Lengths);
}
