using System.Text.Json;
using Serving.Runtime.Inference;
using Serving.Runtime.Models;
using Serving.Server.Rest.Json;

namespace Serving.Server.Rest.V1.Requests;

/// <summary>Reads the <c>examples</c> of a <c>:classify</c> or <c>:regress</c> request, and the <c>context</c> that they share.</summary>
internal static class ExamplesReader
{
    /// <summary>Fills <paramref name="inputs"/>. Null, or what is wrong.</summary>
    public static InferenceFailure? Read(ReadOnlySpan<byte> json, ModelMetadata model, long limit, RequestInputs inputs)
    {
        using var examples = new RowGatherer(model, "examples", asFeatures: true);
        using var context = new RowGatherer(model, "context", asFeatures: true);
        return ReadObject(json, examples, context)
            ?? examples.MoveTo(inputs, 1, long.MaxValue)
            ?? context.MoveTo(inputs, examples.Rows, limit)
            ?? inputs.FindMissing(model);
    }

    private static InferenceFailure? ReadObject(ReadOnlySpan<byte> json, RowGatherer examples, RowGatherer context)
    {
        var reader = new Utf8JsonReader(json, JsonText.ReaderOptions);
        var failure = RequestText.Begin(ref reader);
        while (failure is null && reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var isContext = JsonText.NameIs(ref reader, "context"u8);
            if (!isContext && !JsonText.NameIs(ref reader, "examples"u8))
            {
                failure = RequestText.SkipField(ref reader);
                continue;
            }

            if ((isContext ? context : examples).Rows > 0)
            {
                return InferenceFailure.InvalidInput($"'{(isContext ? "context" : "examples")}' is given twice");
            }

            reader.Read();
            failure = isContext ? context.ReadRow(ref reader, json)
                : reader.TokenType == JsonTokenType.StartArray ? examples.ReadAll(ref reader, json)
                : InferenceFailure.InvalidInput("Expecting 'examples' value to be a list/array");
        }

        if (failure is null)
        {
            // Throws where something follows the object.
            reader.Read();
        }

        return failure ?? (examples.Rows > 0 ? null : InferenceFailure.InvalidInput("key 'examples' is expected and was not found"));
    }
}
