using System.Collections.Frozen;
using Serving.Runtime.Batching;
using Serving.Runtime.Batching.Padding;
using Serving.Runtime.Batching.Probe;
using Serving.Runtime.Configuration;
using Serving.Runtime.Graphs;

namespace Serving.Runtime.Models;

/// <summary>Batch and length axes as <c>axes</c> in model.yaml declares them; then only whether lengths can be padded is probed.</summary>
internal static class DeclaredAxes
{
    /// <summary>Outputs that the declaration leaves out are taken to have the batch on their first axis.</summary>
    public static BatchAxes Read(ModelConfig config, GraphSignature signature)
    {
        var outputs = signature.OutputNames.ToDictionary(name => name, name => BatchAxis(config, name) ?? 0);
        var lengths = config.Axes
            .Select(tensor => (tensor.Key, Axes: (IReadOnlyList<int>)[.. Enumerable.Range(0, tensor.Value.Length).Where(i => tensor.Value[i].Role == AxisRole.Length)]))
            .Where(tensor => tensor.Axes.Count > 0);
        return new BatchAxes
        {
            Enabled = true,
            Inputs = signature.Inputs
                .Select(input => (input.Name, Axis: BatchAxis(config, input.Name)))
                .Where(input => input.Axis >= 0)
                .ToFrozenDictionary(input => input.Name, input => input.Axis!.Value),
            Outputs = outputs.Where(output => output.Value >= 0).ToFrozenDictionary(),
            Lengths = lengths.ToFrozenDictionary(tensor => tensor.Key, tensor => tensor.Axes),
            Evidence = "declared by 'axes' in the model's configuration",
        };
    }

    /// <summary>The lengths of inputs, by their declared names. An axis of fixed extent has none, whatever it is called.</summary>
    public static IReadOnlyList<LengthClass> Lengths(ModelConfig config, GraphSignature signature) =>
    [
        .. from index in Enumerable.Range(0, signature.Inputs.Length)
           let input = signature.Inputs[index]
           where config.Axes.ContainsKey(input.Name)
           from axis in Enumerable.Range(0, config.Axes[input.Name].Length)
           where config.Axes[input.Name][axis].Role == AxisRole.Length && input.HasRank && input.Shape[axis] < 0
           group (index, axis) by config.Axes[input.Name][axis].Name into axesOfName
           select new LengthClass(axesOfName.Key, [.. axesOfName]),
    ];

    /// <summary>The declared axes, with padding where the graph shows that it changes no answer.</summary>
    /// <param name="axes">What <see cref="Read"/> made.</param>
    /// <param name="config">The declaration.</param>
    /// <param name="signature">The graph's inputs and outputs.</param>
    /// <param name="graph">Runs it.</param>
    /// <param name="samples">Makes rows.</param>
    public static BatchAxes Pad(BatchAxes axes, ModelConfig config, GraphSignature signature, ProbeGraph graph, SampleMaker samples)
    {
        var lengths = Lengths(config, signature);
        if (lengths.Count == 0)
        {
            return axes;
        }

        var reason = axes.Sample is null ? "no sample that the graph accepts could be made" : "the configuration forbids padding";
        var padding = axes.Sample is not { } sample || config.Padding is { Allowed: false } ? null
            : new PaddingProbe(signature, graph, samples, axes, config.Padding?.Values ?? [], lengths).Run(sample.Sizes, sample.Values, out reason);
        return axes with
        {
            Padding = padding,
            Evidence = padding is null ? $"{axes.Evidence}; only equal shapes share a batch: {reason}" : $"{axes.Evidence}; {padding.Evidence}",
        };
    }

    /// <summary>Why the declared axes cannot be kept, whatever the rows hold; null where they can.</summary>
    public static string? Check(ModelConfig config, OnnxGraph graph)
    {
        if (config.Axes.IsEmpty || config.MaxBatchRows == 1)
        {
            return null;
        }

        var outputs = RowOutputs.Of(graph, graph.Inputs.Select(i => i.Name).Where(name => BatchAxis(config, name) >= 0));
        return (outputs.FindUncuttable() ?? outputs.FindLeak([.. graph.Outputs.Select(o => BatchAxis(config, o.Name) ?? 0)])) is { } reason
            ? $"axes: {reason}; requests would get one another's answers. Leave 'axes' out, or set max_batch_rows to 1"
            : null;
    }

    // Null where the tensor is not declared, -1 where it is and has no batch axis.
    private static int? BatchAxis(ModelConfig config, string tensor)
    {
        if (!config.Axes.TryGetValue(tensor, out var axes))
        {
            return null;
        }

        for (var i = 0; i < axes.Length; i++)
        {
            if (axes[i].Role == AxisRole.Batch)
            {
                return i;
            }
        }

        return -1;
    }
}
