using System.Text.Json;
using Serving.Runtime.Inference;
using Serving.Server.Rest.Http;
using Serving.Server.Rest.Json;

namespace Serving.Server.Rest.V2;

/// <summary>The flat JSON object of a settings call; no body at all is one without settings.</summary>
internal static class SettingsBody
{
    /// <summary>Names and values in their order: null, <see cref="bool"/>, <see cref="long"/>, other numbers as <see cref="double"/>, texts, and arrays of these.</summary>
    public static async ValueTask<Outcome<IReadOnlyList<KeyValuePair<string, object?>>>> ReadAsync(HttpContext context, long limit)
    {
        if (!(await RequestBody.ReadAsync(context, limit)).TryGetValue(out var body, out var failure))
        {
            return failure;
        }

        using (body)
        {
            return Read(body.WrittenMemory);
        }
    }

    public static Outcome<IReadOnlyList<KeyValuePair<string, object?>>> Read(ReadOnlyMemory<byte> json)
    {
        if (json.Span.Trim(" \t\r\n"u8).IsEmpty)
        {
            return Array.Empty<KeyValuePair<string, object?>>();
        }

        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = JsonText.MaxDepth });
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? document.RootElement.EnumerateObject().Select(setting => KeyValuePair.Create(setting.Name, ToValue(setting.Value))).ToArray()
                : InferenceFailure.InvalidInput("the request must be a JSON object");
        }
        catch (JsonException exception)
        {
            return InferenceFailure.InvalidInput($"the request is not valid JSON: {exception.Message}");
        }
        catch (InvalidOperationException exception)
        {
            // How the document reports a text that is not UTF-8 or half of a surrogate pair.
            return InferenceFailure.InvalidInput($"the request has a text that is none: {exception.Message}");
        }
    }

    private static object? ToValue(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True or JsonValueKind.False => value.GetBoolean(),
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number => value.TryGetInt64(out var whole) ? (object)whole : value.GetDouble(),
        JsonValueKind.Array => value.EnumerateArray().Select(ToValue).ToArray(),
        JsonValueKind.Null => null,
        _ => throw new JsonException("a setting's value cannot be an object"),
    };
}
