using System.Collections.Frozen;
using Serving.Runtime.Batching;
using Serving.Runtime.Configuration;
using Serving.Runtime.Graphs;

namespace Serving.Runtime.Models;

/// <summary>Batch and length axes as <c>axes</c> in model.yaml declares them; then nothing is probed.</summary>
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
