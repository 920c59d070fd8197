using Serving.Runtime.Inference;
using Serving.Runtime.Tasks;
using Serving.Runtime.Tensors;

namespace Serving.Runtime.Models;

/// <summary>Checks requests to a task before it works on them.</summary>
/// <param name="model">The model's name, for messages.</param>
/// <param name="task">The task.</param>
internal sealed class TaskAdmission(string model, ITask task)
{
    private readonly GraphSignature _signature = new(task.Inputs, task.Outputs);

    /// <summary>Whether a request names the graph's tensors and not the task's.</summary>
    public bool IsForGraph(InferenceRequest request, GraphSignature graph)
    {
        var inputs = request.Inputs;
        for (var i = 0; i < inputs.Count; i++)
        {
            var isOwn = _signature.IndexOf(inputs[i].Name, i) is var own and >= 0 && _signature.Inputs[own].Type == inputs[i].Type;
            if (isOwn || graph.IndexOf(inputs[i].Name, i) < 0)
            {
                return false;
            }
        }

        return inputs.Count > 0;
    }

    /// <summary>What the request asks of the task, or why it does not fit.</summary>
    public Outcome<TaskSettings> Accept(InferenceRequest request)
    {
        var failure = CheckInputs(request) ?? CheckRows(request) ?? CheckOutputs(request);
        return failure is null ? task.Settings.With(request.Parameters) : failure;
    }

    /// <summary>How many rows an accepted request has; 1 where its inputs have none.</summary>
    public int CountRows(InferenceRequest request)
    {
        foreach (var input in request.Inputs)
        {
            if (_signature.Inputs[_signature.IndexOf(input.Name)].Shape is { Rank: > 0 } shape && shape[0] < 0)
            {
                return (int)input.Shape[0];
            }
        }

        return 1;
    }

    private InferenceFailure? CheckInputs(InferenceRequest request)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var input in request.Inputs)
        {
            var place = _signature.IndexOf(input.Name);
            if (place < 0)
            {
                var names = string.Join(", ", task.Inputs.Select(i => i.Name));
                return InferenceFailure.InvalidInput($"unexpected inference input '{input.Name}' for model '{model}', a {task.Details.Name} task; its inputs are {names}");
            }

            if (!seen.Add(input.Name))
            {
                return InferenceFailure.InvalidInput($"input '{input.Name}' is given twice");
            }

            if (Check(input, _signature.Inputs[place]) is { } failure)
            {
                return failure;
            }
        }

        var missing = task.Inputs.FirstOrDefault(input => !input.Optional && !seen.Contains(input.Name));
        return missing is null ? null : InferenceFailure.InvalidInput($"model '{model}' expects input '{missing.Name}' ({missing.Type.Name()} {missing.Shape}), which is missing");
    }

    private InferenceFailure? Check(in InputTensor input, TensorSignature expected)
    {
        if (input.Type != expected.Type)
        {
            return InferenceFailure.InvalidInput($"inference input data-type is '{input.Type.Name()}', expected '{expected.Type.Name()}' for input '{input.Name}' of model '{model}'");
        }

        // A column of texts is as good as a list of them: Triton's clients send a row as [n,1].
        var isColumn = expected.Shape.Rank == 1 && input.Shape.Rank == 2 && input.Shape[1] == 1;
        var fits = isColumn || input.Shape.Rank == expected.Shape.Rank;
        for (var axis = 0; fits && axis < expected.Shape.Rank; axis++)
        {
            fits = expected.Shape[axis] < 0 ? input.Shape[axis] > 0 : input.Shape[axis] == expected.Shape[axis];
        }

        if (!fits || !input.Shape.TryCountElements(out var count) || count > int.MaxValue)
        {
            return InferenceFailure.InvalidInput($"unexpected shape for input '{input.Name}' of model '{model}': expected {expected.Shape} with at least one element, got {input.Shape}");
        }

        var wrong = input.Type == ElementType.Bytes
            ? StringTensors.Check(input.Data, count)
            : input.Data.Length == count * input.Type.Size() ? null : $"has {input.Data.Length} bytes, expected {count * input.Type.Size()}";
        return wrong is null ? null : InferenceFailure.InvalidInput($"input '{input.Name}' {wrong}");
    }

    private InferenceFailure? CheckRows(InferenceRequest request)
    {
        var rows = CountRows(request);
        if (rows > TaskDetails.MostRows)
        {
            return InferenceFailure.TooLarge($"the request has {rows} rows, allowed are {TaskDetails.MostRows}");
        }

        foreach (var input in request.Inputs)
        {
            if (_signature.Inputs[_signature.IndexOf(input.Name)].Shape[0] < 0 && input.Shape[0] != rows)
            {
                return InferenceFailure.InvalidInput($"input '{input.Name}' has {input.Shape[0]} rows where another has {rows}");
            }
        }

        return null;
    }

    private InferenceFailure? CheckOutputs(InferenceRequest request)
    {
        var unknown = request.Outputs?.FirstOrDefault(output => !_signature.HasOutput(output));
        return unknown is null ? null : InferenceFailure.InvalidInput(
            $"unexpected inference output '{unknown}' for model '{model}', a {task.Details.Name} task; its outputs are {string.Join(", ", task.Outputs.Select(o => o.Name))}");
    }
}
