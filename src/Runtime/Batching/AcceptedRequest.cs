using Serving.Runtime.Batching.Padding;
using Serving.Runtime.Inference;

namespace Serving.Runtime.Batching;

/// <summary>A request that fits its model. <see cref="Admission"/> fills it; one that has been answered is filled again.</summary>
internal sealed class AcceptedRequest
{
    /// <param name="inputs">How many inputs the model has.</param>
    /// <param name="lengths">How many classes of lengths its padding has.</param>
    public AcceptedRequest(int inputs, int lengths)
    {
        Inputs = new InputTensor?[inputs];
        Lengths = lengths == 0 ? [] : new long[lengths];
    }

    /// <summary>What the client sent.</summary>
    public InferenceRequest Request { get; set; } = null!;

    /// <summary>Its inputs in the model's order; null for an optional one left out.</summary>
    public InputTensor?[] Inputs { get; }

    /// <summary>The outputs that it wants.</summary>
    public OutputSelection Outputs { get; set; } = null!;

    /// <summary>Its extent along the batch axis; 1 where the model has none.</summary>
    public int Rows { get; set; }

    /// <summary>What it must share with others in its batch; null where it runs alone.</summary>
    public BatchKey? Key { get; set; }

    /// <summary>Its lengths, by the classes of the model's padding; empty where only equal shapes share a batch.</summary>
    public long[] Lengths { get; }

    /// <summary>What a row costs grows with this; 1 for a model without lengths.</summary>
    public int Length { get; private set; } = 1;

    /// <summary>Whether it is a part of a larger request.</summary>
    public bool IsPart { get; set; }

    /// <summary>To be called when <see cref="Lengths"/> are known.</summary>
    public void Measure() => Length = LengthMeasure.Of(Lengths);

    /// <summary>Lets go of all that is the client's.</summary>
    public void Clear()
    {
        Request = null!;
        Key = null;
        Array.Clear(Inputs);
    }
}
