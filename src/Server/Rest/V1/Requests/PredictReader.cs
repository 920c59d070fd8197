using System.Text.Json;
using Serving.Runtime.Inference;
using Serving.Runtime.Models;
using Serving.Runtime.Tensors;
using Serving.Server.Rest.Json;
using Serving.Server.Rest.V1.Responses;

namespace Serving.Server.Rest.V1.Requests;

/// <summary>Reads a <c>:predict</c> request: rows in <c>instances</c> or whole tensors in <c>inputs</c>.</summary>
internal static class PredictReader
{
    public static Outcome<V1Request> Read(ReadOnlySpan<byte> json, ModelMetadata model, long limit)
    {
        var inputs = new RequestInputs();
        var succeeded = false;
        try
        {
            var failure = ReadObject(json, model, inputs, out var byRow) ?? inputs.FindMissing(model);
            succeeded = failure is null;
            return succeeded ? new V1Request(inputs, null, byRow ? RowsAnswer.WriteAsync : ColumnsAnswer.WriteAsync) : failure!;
        }
        finally
        {
            if (!succeeded)
            {
                inputs.Dispose();
            }
        }
    }

    private static InferenceFailure? ReadObject(ReadOnlySpan<byte> json, ModelMetadata model, RequestInputs inputs, out bool byRow)
    {
        var reader = new Utf8JsonReader(json, JsonText.ReaderOptions);
        var failure = RequestText.Begin(ref reader);
        byRow = false;
        var found = false;
        while (failure is null && reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var isRows = JsonText.NameIs(ref reader, "instances"u8);
            if (!isRows && !JsonText.NameIs(ref reader, "inputs"u8))
            {
                failure = RequestText.SkipField(ref reader);
                continue;
            }

            if (found)
            {
                return InferenceFailure.InvalidInput("Not formatted correctly expecting only one of 'inputs' or 'instances' keys to exist");
            }

            (found, byRow) = (true, isRows);
            reader.Read();
            failure = isRows ? ReadRows(ref reader, json, model, inputs) : ReadColumns(ref reader, json, model, inputs);
        }

        if (failure is null)
        {
            // Throws where something follows the object.
            reader.Read();
        }

        return failure ?? (found ? null : InferenceFailure.InvalidInput("Missing 'inputs' or 'instances' key"));
    }

    private static InferenceFailure? ReadRows(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, ModelMetadata model, RequestInputs inputs)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            return InferenceFailure.InvalidInput("Expecting 'instances' to be a list/array");
        }

        var first = reader;
        first.Read();
        if (first.TokenType == JsonTokenType.EndArray)
        {
            return InferenceFailure.InvalidInput("No values in 'instances' array");
        }

        if (first.TokenType != JsonTokenType.StartObject || BinaryValue.IsBinary(first))
        {
            return ReadOnlyInput(ref reader, json, model, inputs, "instances is a plain list");
        }

        using var rows = new RowGatherer(model, "instances", asFeatures: false);
        return rows.ReadAll(ref reader, json) ?? rows.MoveTo(inputs, 1, long.MaxValue);
    }

    private static InferenceFailure? ReadColumns(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, ModelMetadata model, RequestInputs inputs)
    {
        if (reader.TokenType != JsonTokenType.StartObject || BinaryValue.IsBinary(reader))
        {
            return ReadOnlyInput(ref reader, json, model, inputs, "inputs is a plain value/list");
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            JsonText.TryGetString(ref reader, out var name);
            var input = model.Inputs.FirstOrDefault(i => i.Name == name);
            if (input is null || inputs.Has(name))
            {
                return InferenceFailure.InvalidInput(input is null
                    ? $"'{name}' is no input of model '{model.Name}'; its inputs are {RequestInputs.Names(model)}"
                    : $"input '{name}' is given twice");
            }

            reader.Read();
            if (inputs.Read(ref reader, json, input) is { } failure)
            {
                return failure;
            }
        }

        return null;
    }

    /// <summary>Reads a tensor without a name, which is meant for the only input, or the only one that may not be left out.</summary>
    private static InferenceFailure? ReadOnlyInput(
        ref Utf8JsonReader reader, ReadOnlySpan<byte> json, ModelMetadata model, RequestInputs inputs, string what)
    {
        TensorSignature[] needed = model.Inputs.Count == 1 ? [model.Inputs[0]] : [.. model.Inputs.Where(input => !input.Optional)];
        return needed is [var only]
            ? inputs.Read(ref reader, json, only)
            : InferenceFailure.InvalidInput(
                $"{what}, but model '{model.Name}' has the inputs {RequestInputs.Names(model)}: expecting objects that name them");
    }
}
