using Serving.Runtime.Inference;
using Serving.Runtime.Tensors;

namespace Serving.Runtime.Batching.Padding;

/// <summary>How requests of different lengths are laid into one batch, and cut out of its answers.</summary>
internal sealed record PaddingPlan
{
    /// <summary>The lengths.</summary>
    public required IReadOnlyList<LengthClass> Classes { get; init; }

    /// <summary>Per input the value that fills what a request does not.</summary>
    public required IReadOnlyList<int> Fillers { get; init; }

    /// <summary>Per output, its axes whose extents follow from lengths.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<OutputLength>> Outputs { get; init; }

    /// <summary>On what it was checked.</summary>
    public required string Evidence { get; init; }

    /// <summary>An input's shape at given lengths.</summary>
    public TensorShape WithLengths(int input, TensorShape shape, long[] lengths) => WithLengths(Classes, input, shape, lengths);

    /// <summary>The same, for classes of which it is not known yet whether they can be padded.</summary>
    public static TensorShape WithLengths(IReadOnlyList<LengthClass> classes, int input, TensorShape shape, long[] lengths)
    {
        for (var index = 0; index < classes.Count; index++)
        {
            foreach (var place in classes[index].Axes)
            {
                shape = place.Input == input ? shape.With(place.Axis, lengths[index]) : shape;
            }
        }

        return shape;
    }

    /// <summary>
    /// Measures a request's length of each class; false where its inputs disagree about one or lack it, or it is 0, which was never tried.
    /// </summary>
    /// <param name="inputs">Its inputs in the model's order.</param>
    /// <param name="lengths">Where the lengths go, by class.</param>
    public bool TryMeasure(ReadOnlySpan<InputTensor?> inputs, Span<long> lengths)
    {
        lengths.Clear();
        for (var index = 0; index < lengths.Length; index++)
        {
            foreach (var (input, axis) in Classes[index].Axes)
            {
                if (inputs[input] is not { } tensor || tensor.Shape[axis] == 0 || (lengths[index] > 0 && lengths[index] != tensor.Shape[axis]))
                {
                    return false;
                }

                lengths[index] = tensor.Shape[axis];
            }
        }

        return true;
    }
}
