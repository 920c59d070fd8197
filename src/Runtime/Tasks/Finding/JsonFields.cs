using System.Text.Json;

namespace Serving.Runtime.Tasks.Finding;

/// <summary>Reads fields of configurations that others wrote: what is missing or of another kind is not there.</summary>
internal static class JsonFields
{
    public static JsonElement? Field(this JsonElement? parent, string name) =>
        parent is { ValueKind: JsonValueKind.Object } it && it.TryGetProperty(name, out var field) && field.ValueKind != JsonValueKind.Null ? field : null;

    public static JsonElement? Field(this JsonElement parent, string name) => Field((JsonElement?)parent, name);

    public static string? AsText(this JsonElement? field)
    {
        try
        {
            return field is { ValueKind: JsonValueKind.String } it ? it.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair is no text.
            return null;
        }
    }

    public static bool? AsFlag(this JsonElement? field) => field is { ValueKind: JsonValueKind.True or JsonValueKind.False } it ? it.GetBoolean() : null;

    /// <summary>A whole number; one that does not fit, such as the 1e30 of a model without a longest text, is not there.</summary>
    public static int? AsCount(this JsonElement? field) => field is { ValueKind: JsonValueKind.Number } it && it.TryGetInt32(out var number) ? number : null;

    public static double? AsNumber(this JsonElement? field) => field is { ValueKind: JsonValueKind.Number } it && it.TryGetDouble(out var number) ? number : null;

    public static IReadOnlyList<JsonElement> AsList(this JsonElement? field) => field is { ValueKind: JsonValueKind.Array } it ? [.. it.EnumerateArray()] : [];
}
