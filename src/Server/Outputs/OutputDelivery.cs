using Serving.Runtime.Inference;
using Serving.Server.Classification;

namespace Serving.Server.Outputs;

/// <summary>Does to the engine's answer what the request demanded of single outputs, for all protocols.</summary>
internal static class OutputDelivery
{
    /// <summary>
    /// Classifies outputs, and writes those that belong in shared memory. The answer that comes back stands for the one given, which is
    /// disposed with it, or at once where this fails.
    /// </summary>
    public static Outcome<InferenceResponse> Apply(Outcome<InferenceResponse> outcome, IReadOnlyList<OutputDemand> demands)
    {
        if (demands.Count == 0 || !outcome.TryGetValue(out var response, out _))
        {
            return outcome;
        }

        var delivered = false;
        try
        {
            if (!Classify(response, demands).TryGetValue(out var classified, out var failure)
                || (failure = CheckRoom(response, demands) ?? Write(response, demands)) is not null)
            {
                return failure;
            }

            delivered = true;
            return classified;
        }
        finally
        {
            if (!delivered)
            {
                response.Dispose();
            }
        }
    }

    /// <summary>What is demanded of an output; null where nothing is.</summary>
    public static OutputDemand? Find(IReadOnlyList<OutputDemand> demands, string output)
    {
        for (var i = 0; i < demands.Count; i++)
        {
            if (demands[i].Output == output)
            {
                return demands[i];
            }
        }

        return null;
    }

    private static Outcome<InferenceResponse> Classify(InferenceResponse response, IReadOnlyList<OutputDemand> demands)
    {
        OutputTensor[]? outputs = null;
        for (var i = 0; i < response.Outputs.Count; i++)
        {
            var output = response.Outputs[i];
            if (Find(demands, output.Name) is not { Classes: > 0 } demand)
            {
                continue;
            }

            var details = response.OutputDetails.GetValueOrDefault(output.Name, OutputDetails.Unknown);
            if (!OutputClassifier.Classify(output, details, demand.Classes).TryGetValue(out var classes, out var failure))
            {
                return failure;
            }

            outputs ??= [.. response.Outputs];
            outputs[i] = classes;
        }

        return outputs is null ? response : new InferenceResponse(response)
        {
            ModelName = response.ModelName,
            ModelVersion = response.ModelVersion,
            Id = response.Id,
            Rows = response.Rows,
            Outputs = outputs,
            OutputDetails = response.OutputDetails,
            Stages = response.Stages,
        };
    }

    /// <summary>Nothing is written unless everything fits.</summary>
    private static InferenceFailure? CheckRoom(InferenceResponse response, IReadOnlyList<OutputDemand> demands)
    {
        foreach (var output in response.Outputs)
        {
            if (Find(demands, output.Name)?.Place?.CheckRoom(output) is { } failure)
            {
                return failure;
            }
        }

        return null;
    }

    private static InferenceFailure? Write(InferenceResponse response, IReadOnlyList<OutputDemand> demands)
    {
        foreach (var output in response.Outputs)
        {
            if (Find(demands, output.Name)?.Place?.Write(output) is { } failure)
            {
                return failure;
            }
        }

        return null;
    }
}
