using System.Collections.Immutable;
using System.Globalization;
using Serving.Contracts.Inference;
using Serving.Runtime.Models;

namespace Serving.Server.Descriptions;

/// <summary>The shapes that are run before a model is ready, as Triton's configuration says them.</summary>
internal static class WarmupMessage
{
    public static IEnumerable<ModelWarmup> Of(ModelConfiguration model) =>
        model.Written.WarmupShapes.Select((shapes, index) => Sample(model, shapes, index)).OfType<ModelWarmup>();

    /// <summary>Null for what Triton's configuration cannot say: inputs with different numbers of rows.</summary>
    private static ModelWarmup? Sample(ModelConfiguration model, ImmutableDictionary<string, ImmutableArray<long>> shapes, int index)
    {
        var sample = new ModelWarmup { Name = $"shapes {index.ToString(CultureInfo.InvariantCulture)}" };
        var skipped = model.MaxBatchSize > 0 ? 1 : 0;
        if (skipped > 0)
        {
            if (shapes.Values.Any(dims => dims.IsEmpty) || shapes.Values.Select(dims => dims[0]).Distinct().Count() != 1)
            {
                return null;
            }

            sample.BatchSize = (uint)shapes.Values.First()[0];
        }

        foreach (var input in model.Inputs.Where(input => shapes.ContainsKey(input.Signature.Name)))
        {
            sample.Inputs[input.Signature.Name] = new ModelWarmup.Types.Input
            {
                DataType = ModelConfigMessage.TypeOf(input.Signature.Type),
                Dims = { shapes[input.Signature.Name].Skip(skipped) },
                RandomData = true,
            };
        }

        return sample;
    }
}
