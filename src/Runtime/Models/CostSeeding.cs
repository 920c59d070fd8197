using Serving.Runtime.Batching;
using Serving.Runtime.Batching.Padding;
using Serving.Runtime.Batching.Planning;
using Serving.Runtime.Batching.Probe;

namespace Serving.Runtime.Models;

/// <summary>
/// Times a model's runs before it is ready, over a grid of rows and, where it has any, of lengths, so that its first batches
/// are planned and its first requests judged by what it takes. Every later run goes on from there.
/// </summary>
internal sealed class CostSeeding(GraphSignature signature, ProbeGraph graph, SampleMaker samples, TimeProvider time)
{
    /// <summary>All of it may take this long; what is not reached is extrapolated. Arbitrary, little against loading a model.</summary>
    public static readonly TimeSpan Budget = TimeSpan.FromMilliseconds(250);

    /// <summary>Longer runs are not tried with more rows: by then a row's cost hardly falls any more.</summary>
    private static readonly TimeSpan Enough = TimeSpan.FromMilliseconds(40);

    /// <summary>Runs shorter than this are timed several times, for what they take is no more than what disturbs them.</summary>
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(2);

    private const int Repeats = 3;

    private static readonly int[] Lengths = [16, 128, 64, 256, 32, 512];

    private readonly SampleInputs _inputs = new(signature, samples);

    /// <summary>Seeds the costs.</summary>
    /// <param name="axes">What is batched, and how it is padded.</param>
    /// <param name="sample">What the graph accepts.</param>
    /// <param name="maxRows">The largest batch that will be formed.</param>
    /// <param name="cost">Learns from the runs.</param>
    public void Run(BatchAxes axes, AcceptedSample sample, int maxRows, RunCostModel cost)
    {
        var started = time.GetTimestamp();
        var largest = axes.Enabled ? maxRows : 1;
        foreach (var sizes in axes.Padding is null ? [sample.Sizes] : Lengths.Select(length => sample.Sizes with { Common = length }))
        {
            var length = axes.Padding is null ? 1 : LengthMeasure.Of([.. axes.Padding.Classes.Select(one => sizes.Extent(one.Name))]);
            for (var rows = 1; rows <= largest; rows *= 2)
            {
                if (time.GetElapsedTime(started) > Budget)
                {
                    return;
                }

                if (Time(sample with { Sizes = sizes }, rows) is not { } took)
                {
                    break;
                }

                cost.Seed(rows, length, took.TotalSeconds);
                if (took > Enough)
                {
                    break;
                }
            }
        }
    }

    // The first run of a shape makes memory and plans; the others are what requests will see.
    private TimeSpan? Time(AcceptedSample sample, int rows)
    {
        var first = time.GetTimestamp();
        if (_inputs.Make(sample, rows) is not { } inputs || graph.Run(inputs, out _) is null)
        {
            return null;
        }

        // Of a run as long as this, memory and plans are a small part.
        var least = time.GetElapsedTime(first);
        if (least > Budget)
        {
            return least;
        }

        least = TimeSpan.MaxValue;
        for (var repeat = 0; repeat < Repeats && (repeat == 0 || least < Short); repeat++)
        {
            var started = time.GetTimestamp();
            if (graph.Run(inputs, out _) is null)
            {
                return null;
            }

            var took = time.GetElapsedTime(started);
            least = took < least ? took : least;
        }

        return least;
    }
}
