using Serving.Runtime.Batching;
using Serving.Runtime.Batching.Planning;
using Serving.Runtime.Batching.Probe;

namespace Serving.Runtime.Models;

/// <summary>
/// Times a model's runs before it is ready, where batches of unequal lengths will have to be weighed against one another.
/// Every later run goes on from there.
/// </summary>
internal sealed class CostSeeding(GraphSignature signature, ProbeGraph graph, SampleMaker samples, TimeProvider time)
{
    /// <summary>All of it may take this long; what is not reached is extrapolated. Arbitrary, little against loading a model.</summary>
    private static readonly TimeSpan Budget = TimeSpan.FromMilliseconds(250);

    /// <summary>Longer runs are not tried with more rows: by then a row's cost hardly falls any more.</summary>
    private static readonly TimeSpan Enough = TimeSpan.FromMilliseconds(40);

    private static readonly int[] Lengths = [16, 128, 64, 256, 32, 512];

    /// <summary>Seeds the costs of a model whose rows may be padded; others learn from their requests.</summary>
    public void Run(BatchAxes axes, int maxRows, RunCostModel cost)
    {
        if (axes.Padding is not { } padding)
        {
            return;
        }

        var started = time.GetTimestamp();
        foreach (var length in Lengths)
        {
            long[] lengths = [.. padding.Classes.Select(_ => (long)length)];
            for (var rows = 1; rows <= Math.Min(maxRows, 32); rows *= 2)
            {
                if (time.GetElapsedTime(started) > Budget)
                {
                    return;
                }

                if (Time(axes, lengths, rows) is not { } took)
                {
                    break;
                }

                cost.Observe(rows, Batching.Padding.LengthMeasure.Of(lengths), took.TotalSeconds);
                if (took > Enough)
                {
                    break;
                }
            }
        }
    }

    // The first run of a shape makes memory and plans; the second is what requests will see.
    private TimeSpan? Time(BatchAxes axes, long[] lengths, int rows)
    {
        var inputs = new ProbeTensor[signature.Inputs.Length];
        for (var i = 0; i < inputs.Length; i++)
        {
            var input = signature.Inputs[i];
            var shape = axes.Padding!.WithLengths(i, input.Shape, lengths);
            if (axes.Inputs.TryGetValue(input.Name, out var axis))
            {
                shape = shape.With(axis, rows);
            }

            if (!SampleMaker.IsReasonable(shape))
            {
                return null;
            }

            inputs[i] = new ProbeTensor(input.Type, shape, samples.Make(input, shape, SampleValues.Mixed, row: 0));
        }

        if (graph.Run(inputs, out _) is null)
        {
            return null;
        }

        var started = time.GetTimestamp();
        return graph.Run(inputs, out _) is null ? null : time.GetElapsedTime(started);
    }
}
