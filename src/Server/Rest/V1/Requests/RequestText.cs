using System.Text.Json;
using System.Text.Unicode;
using Serving.Runtime.Inference;
using Serving.Runtime.Models;
using Serving.Server.Rest.Json;

namespace Serving.Server.Rest.V1.Requests;

/// <summary>What the bodies of all calls have in common.</summary>
internal static class RequestText
{
    private const string SignatureName = "serving_default";

    /// <summary>Reads a body; whatever is wrong with it comes back as a failure.</summary>
    public static Outcome<V1Request> Read(ReadOnlySpan<byte> body, ModelMetadata model, long limit, RequestReader read)
    {
        // The reader checks no UTF-8, and texts that are none would throw when they are read.
        if (!Utf8.IsValid(body))
        {
            return InferenceFailure.InvalidInput("the request's JSON is not valid UTF-8");
        }

        using var quoted = BareNumbers.Quote(body);
        var json = quoted is null ? body : quoted.WrittenMemory.Span;
        try
        {
            return read(json, model, limit);
        }
        catch (JsonException exception)
        {
            return InferenceFailure.InvalidInput($"JSON Parse error: {JsonText.DescribeMalformed(json, exception)}");
        }
    }

    /// <summary>Enters the request's object.</summary>
    public static InferenceFailure? Begin(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType == JsonTokenType.StartObject ? null : InferenceFailure.InvalidInput("the request must be a JSON object");
    }

    /// <summary>Steps over a field that only some calls know; a signature must be the only one that there is.</summary>
    public static InferenceFailure? SkipField(ref Utf8JsonReader reader)
    {
        var isSignature = JsonText.NameIs(ref reader, "signature_name"u8);
        reader.Read();
        if (isSignature && !JsonText.TryGetString(ref reader, out _))
        {
            return InferenceFailure.InvalidInput("'signature_name' key must be a string value.");
        }

        if (isSignature && JsonText.TryGetString(ref reader, out var name) && name.Length > 0 && name != SignatureName)
        {
            return InferenceFailure.InvalidInput(
                $"Serving signature name: \"{name}\" not found in signature def; a graph has one, \"{SignatureName}\"");
        }

        reader.Skip();
        return null;
    }
}
