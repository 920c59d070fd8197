using Serving.Runtime.Models;

namespace Serving.Runtime.Batching.Probe;

/// <summary>Makes a graph's inputs for any number of rows, as an <see cref="AcceptedSample"/> says.</summary>
internal sealed class SampleInputs(GraphSignature signature, SampleMaker samples)
{
    /// <summary>The inputs in the graph's order; null where one would be unreasonably large.</summary>
    public ProbeTensor[]? Make(AcceptedSample sample, int rows)
    {
        var inputs = new ProbeTensor[signature.Inputs.Length];
        for (var i = 0; i < inputs.Length; i++)
        {
            var (input, axis) = (signature.Inputs[i], sample.Batch.Axes[i]);
            var shape = sample.Sizes.RowShape(input, axis);

            // A declared batch axis can have a fixed extent; then the graph takes no other number of rows.
            if (axis >= 0 && input.Shape[axis] < 0)
            {
                shape = shape.With(axis, rows);
            }

            if (!SampleMaker.IsReasonable(shape))
            {
                return null;
            }

            inputs[i] = new ProbeTensor(input.Type, shape, samples.Make(input, shape, sample.Values, row: 0));
        }

        return inputs;
    }
}
