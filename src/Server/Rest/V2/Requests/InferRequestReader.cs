using System.Buffers;
using Serving.Runtime.Inference;

namespace Serving.Server.Rest.V2.Requests;

/// <summary>Decodes an infer request: JSON, then the raw tensors of those inputs that announce them, in the inputs' order.</summary>
internal static class InferRequestReader
{
    /// <summary>Decodes a body, which must stay as it is until the request is done with: raw tensors are not copied.</summary>
    public static Outcome<DecodedRequest> Read(ReadOnlyMemory<byte> body, InferTarget target)
    {
        var jsonLength = target.Headers.JsonLength ?? body.Length;
        if (jsonLength > body.Length)
        {
            return InferenceFailure.InvalidInput(
                $"header {InferHeaders.JsonLengthHeader} is {jsonLength}, expected at most the body's {body.Length} bytes");
        }

        using var json = new RequestJson();
        var failure = json.Read(body.Span[..jsonLength]);
        if (failure is not null)
        {
            return failure;
        }

        var inputs = new InputTensor[json.Inputs.Count];
        failure = Assign(json.Inputs, body[jsonLength..], target.Model, inputs);
        return failure is null ? Complete(json, inputs, target) : failure;
    }

    private static InferenceFailure? Assign(IReadOnlyList<RequestInput> described, ReadOnlyMemory<byte> binary, string model, InputTensor[] inputs)
    {
        for (var i = 0; i < inputs.Length; i++)
        {
            var (name, type, shape, binarySize, data) = described[i];
            if (binarySize is { } size)
            {
                if (size > (ulong)binary.Length)
                {
                    return InferenceFailure.InvalidInput(
                        $"unexpected size for input '{name}', expecting {size - (ulong)binary.Length} additional bytes for model '{model}'");
                }

                var failure = BinaryTensor.Check(name, type, shape, binary.Span[..(int)size]);
                if (failure is not null)
                {
                    return failure;
                }
            }

            var memory = data?.WrittenMemory ?? binary[..(int)(binarySize ?? 0)];
            binary = data is null ? binary[memory.Length..] : binary;
            inputs[i] = new InputTensor(name, type, shape, new ReadOnlySequence<byte>(memory));
        }

        return binary.IsEmpty ? null : InferenceFailure.InvalidInput(
            $"unexpected additional input data for model '{model}': {binary.Length} bytes after the last input");
    }

    private static DecodedRequest Complete(RequestJson json, InputTensor[] inputs, InferTarget target)
    {
        var outputs = json.Outputs;
        var request = new InferenceRequest
        {
            ModelName = target.Model,
            ModelVersion = target.Version,
            Id = json.Id,
            Inputs = inputs,
            Outputs = outputs.Names.Count == 0 ? null : outputs.Names,
            Deadline = target.Deadline(json.Parameters.Timeout),
            Received = target.Received,
            Priority = json.Parameters.Priority is { } priority ? (int)priority : target.Headers.Priority,
        };
        return new DecodedRequest(request, outputs, json.TakeInputs());
    }
}
