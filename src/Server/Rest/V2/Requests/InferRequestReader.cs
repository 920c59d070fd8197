using System.Buffers;
using Serving.Runtime.Inference;
using Serving.Server.Outputs;
using Serving.Server.Rest.Json;
using Serving.Server.SharedMemory;

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

        using var quoted = BareNumbers.Quote(body.Span[..jsonLength]);
        using var json = new RequestJson();
        var failure = json.Read(quoted is null ? body.Span[..jsonLength] : quoted.WrittenMemory.Span);
        if (failure is not null)
        {
            return failure;
        }

        var inputs = new InputTensor[json.Inputs.Count];
        var demands = json.Wishes.Count == 0 ? [] : new OutputDemand[json.Wishes.Count];
        var regions = json.UsesRegions ? new RequestRegions(target.SharedMemory) : null;
        failure = Assign(json.Inputs, body[jsonLength..], target.Model, inputs, regions) ?? Place(json.Wishes, demands, regions);
        if (failure is not null)
        {
            regions?.Dispose();
            return failure;
        }

        return Complete(json, inputs, target, demands, regions);
    }

    private static InferenceFailure? Assign(IReadOnlyList<RequestInput> described, ReadOnlyMemory<byte> binary, string model, InputTensor[] inputs, RequestRegions? regions)
    {
        for (var i = 0; i < inputs.Length; i++)
        {
            var (name, type, shape, binarySize, data, region) = described[i];
            if (region is not null)
            {
                var unreadable = Read(described[i], region, regions!, out inputs[i]);
                if (unreadable is not null)
                {
                    return unreadable;
                }

                continue;
            }

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

    private static InferenceFailure? Read(in RequestInput input, RegionReference region, RequestRegions regions, out InputTensor tensor)
    {
        tensor = default;
        if (!regions.Read(region).TryGetValue(out var data, out var failure))
        {
            return failure;
        }

        tensor = new InputTensor(input.Name, input.Type, input.Shape, new ReadOnlySequence<byte>(data));
        return BinaryTensor.Check(input.Name, input.Type, input.Shape, data.Span);
    }

    private static InferenceFailure? Place(
        IReadOnlyList<(string Output, int Classes, RegionReference? Region)> wishes, OutputDemand[] demands, RequestRegions? regions)
    {
        for (var i = 0; i < demands.Length; i++)
        {
            var (output, classes, region) = wishes[i];
            OutputPlace? place = null;
            if (region is not null && !regions!.Hold(region).TryGetValue(out place, out var failure))
            {
                return failure;
            }

            demands[i] = new OutputDemand(output, classes, place);
        }

        return null;
    }

    private static DecodedRequest Complete(
        RequestJson json, InputTensor[] inputs, InferTarget target, IReadOnlyList<OutputDemand> demands, RequestRegions? regions)
    {
        var outputs = demands.Count == 0 ? json.Outputs : json.Outputs with { Demands = demands };
        var request = new InferenceRequest
        {
            ModelName = target.Model,
            ModelVersion = target.Version,
            Id = json.Id,
            Inputs = inputs,
            Outputs = outputs.Names.Count == 0 ? null : outputs.Names,
            Parameters = json.Parameters.Others,
            Deadline = target.Deadline(json.Parameters.Timeout),
            Received = target.Received,
            Priority = json.Parameters.Priority is { } priority ? (int)Math.Min(priority, int.MaxValue) : target.Headers.Priority,
            Tenant = target.Headers.Tenant,
        };
        return new DecodedRequest(request, outputs, json.TakeInputs(), regions);
    }
}
