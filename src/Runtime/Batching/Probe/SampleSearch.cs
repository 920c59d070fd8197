using Serving.Runtime.Models;

namespace Serving.Runtime.Batching.Probe;

/// <summary>Looks for inputs that a graph accepts where no probe has found any: its axes are declared, or it is not batched.</summary>
internal sealed class SampleSearch(GraphSignature signature, ProbeGraph graph, SampleMaker samples, TimeProvider time)
{
    /// <summary>No new try begins later; arbitrary. What a graph refuses, it mostly refuses at once.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>One row at extents that the graph accepts; null where none was found.</summary>
    /// <param name="axes">What is known of its axes.</param>
    public AcceptedSample? Run(BatchAxes axes)
    {
        if (signature.Inputs.Any(input => !input.HasRank))
        {
            return null;
        }

        var batch = axes.Enabled
            ? new Hypothesis([.. signature.Inputs.Select(input => axes.Inputs.GetValueOrDefault(input.Name, -1))], axes.Evidence)
            : Hypothesis.For(signature.Inputs).FirstOrDefault() ?? new Hypothesis([.. signature.Inputs.Select(_ => -1)], "");
        var inputs = new SampleInputs(signature, samples);
        var started = time.GetTimestamp();
        foreach (var sizes in AxisSizes.For(Symbols(batch)))
        {
            foreach (var values in Enum.GetValues<SampleValues>())
            {
                if (time.GetElapsedTime(started) > Patience)
                {
                    return null;
                }

                var sample = new AcceptedSample(batch, sizes, values);
                if (inputs.Make(sample, rows: 1) is { } made && graph.Run(made, out _) is not null)
                {
                    return sample;
                }
            }
        }

        return null;
    }

    private HashSet<string> Symbols(Hypothesis batch) =>
    [
        .. from index in Enumerable.Range(0, signature.Inputs.Length)
           let input = signature.Inputs[index]
           from axis in Enumerable.Range(0, input.Shape.Rank)
           where input.Shape[axis] < 0 && axis != batch.Axes[index]
           select input.AxisNames[axis],
    ];
}
