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

    /// <summary>An input's shape with -1 for every length.</summary>
    public TensorShape WithoutLengths(int input, TensorShape shape) => With(Classes, input, shape, static _ => -1);

    /// <summary>An input's shape at given lengths.</summary>
    public TensorShape WithLengths(int input, TensorShape shape, long[] lengths) => WithLengths(Classes, input, shape, lengths);

    /// <summary>The same, for classes of which it is not known yet whether they can be padded.</summary>
    public static TensorShape WithLengths(IReadOnlyList<LengthClass> classes, int input, TensorShape shape, long[] lengths) =>
        With(classes, input, shape, index => lengths[index]);

    /// <summary>
    /// A request's length of each class; null where its inputs disagree about one or lack it, or it is 0, which was never tried.
    /// </summary>
    /// <param name="inputs">Its inputs in the model's order.</param>
    public long[]? LengthsOf(ReadOnlySpan<InputTensor?> inputs)
    {
        var lengths = new long[Classes.Count];
        for (var index = 0; index < lengths.Length; index++)
        {
            foreach (var (input, axis) in Classes[index].Axes)
            {
                if (inputs[input] is not { } tensor || tensor.Shape[axis] == 0 || (lengths[index] > 0 && lengths[index] != tensor.Shape[axis]))
                {
                    return null;
                }

                lengths[index] = tensor.Shape[axis];
            }
        }

        return lengths;
    }

    private static TensorShape With(IReadOnlyList<LengthClass> classes, int input, TensorShape shape, Func<int, long> extent)
    {
        for (var index = 0; index < classes.Count; index++)
        {
            foreach (var place in classes[index].Axes)
            {
                shape = place.Input == input ? shape.With(place.Axis, extent(index)) : shape;
            }
        }

        return shape;
    }
}
