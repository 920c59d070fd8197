using Serving.Runtime.Inference;
using Serving.Runtime.Tensors;
using Serving.Server.Rest.Json;

namespace Serving.Server.Rest.V1.Responses;

/// <summary>What must hold for outputs to be written, checked before anything is.</summary>
internal static class AnswerChecks
{
    /// <summary>Null, or which output has bytes that JSON cannot hold.</summary>
    public static InferenceFailure? Texts(InferenceResponse response)
    {
        foreach (var output in response.Outputs)
        {
            if (output.Type == ElementType.Bytes && !NestedWriter.IsBinary(output)
                && BytesElements.FirstThatIsNoText(output.Data.Span) is var index and >= 0)
            {
                return InferenceFailure.InvalidInput(
                    $"output '{output.Name}' element {index} is not UTF-8 text and cannot be sent as JSON: outputs whose names end in _bytes are "
                    + "sent as base64, and /v2 sends any output as binary data");
            }
        }

        return null;
    }

    /// <summary>Null, or which output has no rows or another number of them than those before.</summary>
    public static InferenceFailure? Rows(InferenceResponse response)
    {
        long? rows = null;
        foreach (var output in response.Outputs)
        {
            if (output.Shape.Rank == 0)
            {
                return InferenceFailure.InvalidInput(
                    $"Tensor name: {output.Name} has no shape information: it is one value and has no rows; use 'inputs' instead of 'instances'");
            }

            if (rows is not null && output.Shape[0] != rows)
            {
                return InferenceFailure.InvalidInput(
                    $"Tensor name: {output.Name} has inconsistent batch size: {output.Shape[0]} expecting: {rows}; use 'inputs' instead of 'instances'");
            }

            rows = output.Shape[0];
        }

        return null;
    }
}
