using System.Buffers;
using Serving.Runtime.Batching.Padding;
using Serving.Runtime.Inference;
using Serving.Runtime.Models;
using Serving.Runtime.Tensors;

namespace Serving.Runtime.Batching;

/// <summary>Decides whether a request fits a model, and says what was wrong with which tensor where it does not.</summary>
internal sealed class Admission
{
    private readonly string _model;
    private readonly GraphSignature _signature;
    private readonly BatchAxes _axes;
    private readonly int[] _inputAxes;
    private readonly BatchKeys _keys;
    private readonly OutputSelections _outputs;
    private readonly OmittedMasks _masks;

    public Admission(string model, GraphSignature signature, BatchAxes axes, int[] inputAxes, BatchKeys keys)
    {
        _model = model;
        _signature = signature;
        _axes = axes;
        _inputAxes = inputAxes;
        _keys = keys;
        _outputs = new OutputSelections(signature.OutputNames);
        _masks = new OmittedMasks(signature);
    }

    /// <summary>Fills in what is accepted; or says why it is not, and leaves it half filled.</summary>
    public InferenceFailure? Accept(InferenceRequest request, AcceptedRequest accepted)
    {
        accepted.Request = request;
        return TakeInputs(request, accepted.Inputs) ?? TakeOutputs(request, accepted) ?? FindBatch(accepted);
    }

    private InferenceFailure? TakeInputs(InferenceRequest request, InputTensor?[] inputs)
    {
        var taken = 0;
        for (var i = 0; i < request.Inputs.Count; i++)
        {
            var input = request.Inputs[i];
            var index = _signature.IndexOf(input.Name, near: i);
            if (index < 0)
            {
                return InferenceFailure.InvalidInput(
                    $"unexpected inference input '{input.Name}' for model '{_model}'; its inputs are {Quote(_signature.Inputs.Select(i => i.Name))}");
            }

            if (inputs[index] is not null)
            {
                return InferenceFailure.InvalidInput($"input '{input.Name}' for model '{_model}' is given more than once");
            }

            if (Check(input, _signature.Inputs[index]) is { } failure)
            {
                return failure;
            }

            inputs[index] = input;
            taken++;
        }

        if (taken == inputs.Length)
        {
            return null;
        }

        _masks.Fill(inputs);
        return FindMissing(request, inputs);
    }

    private InferenceFailure? FindMissing(InferenceRequest request, InputTensor?[] inputs)
    {
        var missing = _signature.Inputs.Where((signature, index) => inputs[index] is null && !signature.Optional).Select(s => s.Name).ToList();
        return missing.Count == 0 ? null : InferenceFailure.InvalidInput(
            $"expected {_signature.Inputs.Length} inputs but got {request.Inputs.Count} inputs for model '{_model}': {Quote(missing)} missing");
    }

    private InferenceFailure? TakeOutputs(InferenceRequest request, AcceptedRequest accepted)
    {
        for (var i = 0; i < (request.Outputs?.Count ?? 0); i++)
        {
            if (!_signature.HasOutput(request.Outputs![i]))
            {
                return InferenceFailure.InvalidInput(
                    $"unexpected inference output '{request.Outputs[i]}' for model '{_model}'; its outputs are {Quote(_signature.OutputNames)}");
            }
        }

        accepted.Outputs = _outputs.Get(request.Outputs);
        return null;
    }

    private InferenceFailure? FindBatch(AcceptedRequest accepted)
    {
        var rows = _axes.Inputs.Count > 0 ? CommonRows(accepted.Inputs) : null;
        accepted.Rows = Math.Max(rows ?? 1, 1);

        // A request whose lengths disagree is the graph's own business too.
        var isAlone = !_axes.Enabled || rows is not > 0 || _axes.Padding?.TryMeasure(accepted.Inputs, accepted.Lengths) == false;
        if (isAlone)
        {
            accepted.Lengths.AsSpan().Fill(1);
        }

        accepted.Key = isAlone ? null : _keys.Get(accepted.Inputs);
        accepted.Measure();
        return null;
    }

    // Inputs may disagree where the graph broadcasts one of them. Such a request is the graph's own business: it runs alone.
    private int? CommonRows(InputTensor?[] inputs)
    {
        long? rows = null;
        for (var i = 0; i < inputs.Length; i++)
        {
            if (inputs[i] is not { } input || _inputAxes[i] < 0)
            {
                continue;
            }

            if (input.Shape.Rank <= _inputAxes[i] || (rows is not null && input.Shape[_inputAxes[i]] != rows))
            {
                return null;
            }

            rows = input.Shape[_inputAxes[i]];
        }

        return rows is { } count and <= int.MaxValue ? (int)count : null;
    }

    private InferenceFailure? Check(in InputTensor input, TensorSignature expected)
    {
        if (input.Type != expected.Type)
        {
            return InferenceFailure.InvalidInput(
                $"inference input '{input.Name}' for model '{_model}' has data-type '{input.Type.Name()}', but the model expects '{expected.Type.Name()}'");
        }

        if (!Fits(input.Shape, expected))
        {
            return InferenceFailure.InvalidInput(
                $"unexpected shape for input '{input.Name}' for model '{_model}'. Expected {expected.Shape}, got {input.Shape}");
        }

        if (!input.Shape.TryCountElements(out var elements))
        {
            return InferenceFailure.InvalidInput($"input '{input.Name}' for model '{_model}' has shape {input.Shape}: too many elements to count");
        }

        if (input.Type == ElementType.Bytes)
        {
            return StringTensors.Check(input.Data, elements) is { } wrong
                ? InferenceFailure.InvalidInput($"the BYTES data of input '{input.Name}' for model '{_model}' {wrong}")
                : null;
        }

        var size = (UInt128)elements * (UInt128)input.Type.Size();
        if (size != (UInt128)input.Data.Length)
        {
            return InferenceFailure.InvalidInput(
                $"input '{input.Name}' for model '{_model}' has {input.Data.Length} bytes of data; {input.Type.Name()} with shape {input.Shape} takes {size}");
        }

        // To native code any other byte in a BOOL is undefined behaviour.
        return input.Type == ElementType.Bool && !HoldsOnlyBools(input.Data)
            ? InferenceFailure.InvalidInput($"input '{input.Name}' for model '{_model}' is BOOL; its bytes must be 0 or 1")
            : null;
    }

    private static bool HoldsOnlyBools(in ReadOnlySequence<byte> data)
    {
        foreach (var piece in data)
        {
            if (piece.Span.ContainsAnyExceptInRange((byte)0, (byte)1))
            {
                return false;
            }
        }

        return true;
    }

    private static bool Fits(TensorShape shape, TensorSignature expected)
    {
        foreach (var dim in shape.Dims)
        {
            if (dim < 0)
            {
                return false;
            }
        }

        if (!expected.HasRank)
        {
            return true;
        }

        if (shape.Rank != expected.Shape.Rank)
        {
            return false;
        }

        for (var axis = 0; axis < shape.Rank; axis++)
        {
            if (expected.Shape[axis] >= 0 && shape[axis] != expected.Shape[axis])
            {
                return false;
            }
        }

        return true;
    }

    private static string Quote(IEnumerable<string> names) => string.Join(", ", names.Select(n => $"'{n}'"));
}
