using Serving.Runtime.Inference;
using Serving.Server.Outputs;
using Serving.Server.SharedMemory;

namespace Serving.Server.Grpc.Infer;

/// <summary>Makes sense of what a message wants of its outputs.</summary>
internal static class DemandReader
{
    /// <param name="scanned">What the message says.</param>
    /// <param name="regions">Holds the places of outputs in shared memory.</param>
    /// <param name="demand">What it means; null where nothing special is wanted.</param>
    public static InferenceFailure? Read(in ScannedDemand scanned, RequestRegions regions, out OutputDemand? demand)
    {
        demand = null;
        var tensor = $"output '{scanned.Output}'";
        if (ReadClasses(scanned, tensor, out var classes) is { } wrong)
        {
            return wrong;
        }

        if (scanned.Region.Read(tensor, out var reference) is { } unclear)
        {
            return unclear;
        }

        if (reference is null)
        {
            demand = classes == 0 ? null : new OutputDemand(scanned.Output, classes, null);
            return null;
        }

        if (scanned.Classification is not null)
        {
            return InferenceFailure.InvalidInput($"{tensor} cannot have shared_memory_region together with classification");
        }

        if (!regions.Hold(reference).TryGetValue(out var place, out var failure))
        {
            return failure;
        }

        demand = new OutputDemand(scanned.Output, 0, place);
        return null;
    }

    private static InferenceFailure? ReadClasses(in ScannedDemand scanned, string tensor, out int classes)
    {
        classes = 0;
        if (scanned.Classification is not { } value)
        {
            return null;
        }

        if (value.Kind is not (ParameterKind.Int64 or ParameterKind.UInt64) || !value.TryGetCount(out var count))
        {
            return ParameterRules.Wrong("classification", tensor, "int64_param that is not negative");
        }

        classes = (int)Math.Min(count, int.MaxValue);
        return null;
    }
}
