using System.Text.Json;
using Serving.Runtime.Inference;

namespace Serving.Server.Rest.Tasks;

/// <summary>Reads the fields of dialects' requests; every failure names the field and what was expected.</summary>
internal static class JsonReading
{
    /// <summary>A field; null where it is not given or null.</summary>
    public static JsonElement? Field(this JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var field) && field.ValueKind != JsonValueKind.Null ? field : null;

    /// <summary>A text; null where it is none.</summary>
    public static string? AsText(this JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>A text that must be there.</summary>
    public static Outcome<string> Text(this JsonElement parent, string name) =>
        parent.Field(name) is not { } field ? InferenceFailure.InvalidInput($"'{name}' is missing")
        : field.AsText() is { } text ? text
        : InferenceFailure.InvalidInput($"'{name}' must be a text");

    /// <summary>A flag; <paramref name="otherwise"/> where it is not given.</summary>
    public static Outcome<bool> Flag(this JsonElement parent, string name, bool otherwise) => parent.Field(name) switch
    {
        null => otherwise,
        { ValueKind: JsonValueKind.True or JsonValueKind.False } flag => flag.GetBoolean(),
        _ => InferenceFailure.InvalidInput($"'{name}' must be true or false"),
    };

    /// <summary>A list of texts that must be there and not empty.</summary>
    public static Outcome<string[]> Texts(this JsonElement parent, string name) =>
        parent.Field(name) is { } field ? TextList(field, name) : InferenceFailure.InvalidInput($"'{name}' is missing");

    /// <summary>A list of texts that is not empty.</summary>
    public static Outcome<string[]> TextList(JsonElement list, string name)
    {
        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() == 0)
        {
            return InferenceFailure.InvalidInput($"'{name}' must be a list of texts with at least one");
        }

        var texts = new string[list.GetArrayLength()];
        var i = 0;
        foreach (var item in list.EnumerateArray())
        {
            if (item.AsText() is not { } text)
            {
                return InferenceFailure.InvalidInput($"'{name}[{i}]' must be a text");
            }

            texts[i++] = text;
        }

        return texts;
    }
}
