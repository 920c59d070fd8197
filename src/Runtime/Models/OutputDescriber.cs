using System.Collections.Frozen;
using Serving.Runtime.Batching;
using Serving.Runtime.Configuration;
using Serving.Runtime.Inference;
using Serving.Runtime.Onnx;

namespace Serving.Runtime.Models;

/// <summary>Gathers what is known of a model's outputs when it is loaded.</summary>
internal static class OutputDescriber
{
    /// <exception cref="GraphException">A labels file cannot be used.</exception>
    public static FrozenDictionary<string, OutputDetails> Describe(ModelConfig config, GraphSignature signature, BatchAxes axes) =>
        signature.OutputNames.ToFrozenDictionary(
            name => name,
            name => new OutputDetails(BatchAxis(config, axes, name), config.Labels.TryGetValue(name, out var file) ? LabelFiles.Read(file) : []));

    /// <summary>What the configuration says goes before what was found: a batch of one row has its axis all the same.</summary>
    private static int? BatchAxis(ModelConfig config, BatchAxes axes, string output) => config.BatchesFirstAxis switch
    {
        true => 0,
        false => null,
        null => axes.Enabled && axes.Outputs.TryGetValue(output, out var axis) ? axis : null,
    };
}
