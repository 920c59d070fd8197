using Serving.Runtime.Configuration;
using Serving.Runtime.Inference;
using Serving.Runtime.Models;
using Serving.Runtime.Tensors;

namespace Serving.Runtime.Ensembles;

/// <summary>What the models of an ensemble's steps say of their tensors, as they are now: they come and go by themselves.</summary>
internal static class EnsembleModels
{
    /// <summary>The inputs and outputs of an ensemble; fails where a step's model is not ready, or lacks a tensor that the step names.</summary>
    public static Outcome<GraphSignature> Describe(EnsemblePlan plan, Func<string, Outcome<ModelTarget>> models)
    {
        var inputs = new Dictionary<string, TensorSignature>(StringComparer.Ordinal);
        var outputs = new Dictionary<string, TensorSignature>(StringComparer.Ordinal);
        foreach (var step in plan.Steps)
        {
            if (!Describe(models, step).TryGetValue(out var signature, out var failure))
            {
                return failure with { Message = $"step '{step.Model}': {failure.Message}" };
            }

            foreach (var (input, tensor) in step.Inputs)
            {
                inputs.TryAdd(tensor, Rename(signature.Inputs[signature.IndexOf(input)], tensor, step.ForEach.Contains(input)));
            }

            foreach (var (output, tensor) in step.Outputs)
            {
                outputs.Add(tensor, Rename(signature.Outputs.First(one => one.Name == output), tensor, !step.ForEach.IsEmpty));
            }
        }

        // A condition may look at a request's tensor that no model reads.
        return plan.Inputs.FirstOrDefault(name => !inputs.ContainsKey(name)) is { } unread
            ? InferenceFailure.InvalidInput($"the tensor '{unread}' is an input of no step's model, so that its type is unknown")
            : new GraphSignature([.. plan.Inputs.Select(name => inputs[name])], [.. plan.Outputs.Select(name => outputs[name])]);
    }

    /// <summary>The inputs and outputs of a step's model, which has all that the step names.</summary>
    public static Outcome<GraphSignature> Describe(Func<string, Outcome<ModelTarget>> models, StepConfig step)
    {
        if (!models(step.Model).TryGetValue(out var target, out var failure) || !target.Acquire(step.Version).TryGetValue(out var loaded, out failure))
        {
            return failure;
        }

        var outcome = loaded.Refusal is { } refusal ? refusal : loaded.GetSignature();
        loaded.Release();
        return outcome.TryGetValue(out var signature, out failure) ? Check(step, signature) : failure;
    }

    private static Outcome<GraphSignature> Check(StepConfig step, GraphSignature signature)
    {
        if (step.Inputs.Keys.FirstOrDefault(input => signature.IndexOf(input) < 0) is { } unknown)
        {
            return InferenceFailure.NotReady($"the model has no input '{unknown}'; its inputs are {string.Join(", ", signature.Inputs.Select(input => input.Name))}");
        }

        return step.Outputs.Keys.FirstOrDefault(output => !signature.HasOutput(output)) is { } missing
            ? InferenceFailure.NotReady($"the model has no output '{missing}'; its outputs are {string.Join(", ", signature.OutputNames)}")
            : signature;
    }

    private static TensorSignature Rename(TensorSignature tensor, string name, bool hasRows) =>
        tensor with { Name = name, Optional = false, Shape = hasRows && tensor.Shape.Rank > 0 ? tensor.Shape.With(0, -1) : tensor.Shape };
}
