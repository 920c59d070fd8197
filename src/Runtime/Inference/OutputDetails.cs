namespace Serving.Runtime.Inference;

/// <summary>What is known of a model's output beyond its values.</summary>
/// <param name="BatchAxis">The axis along which the rows of requests lie; null where the model has no batches.</param>
/// <param name="Labels">What each class is called, by its index; empty where nobody said. One that is empty is unknown.</param>
public sealed record OutputDetails(int? BatchAxis, IReadOnlyList<string> Labels)
{
    /// <summary>Of an output that nothing is known about.</summary>
    public static OutputDetails Unknown { get; } = new(null, []);
}
