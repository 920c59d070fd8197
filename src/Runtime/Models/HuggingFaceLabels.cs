using System.Globalization;
using System.Text.Json;

namespace Serving.Runtime.Models;

/// <summary>The labels in the <c>config.json</c> of a Hugging Face export: <c>"id2label": {"0": "cat", "1": "dog"}</c>.</summary>
internal static class HuggingFaceLabels
{
    /// <summary>The labels in the order of their numbers; null where there are none, or not one for each number from 0.</summary>
    public static IReadOnlyList<string>? Read(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("id2label", out var names) && names.ValueKind == JsonValueKind.Object
                ? Read(names)
                : null;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a text with half of a surrogate pair.
            return null;
        }
    }

    private static string[]? Read(JsonElement names)
    {
        var labels = new string?[names.GetPropertyCount()];
        foreach (var entry in names.EnumerateObject())
        {
            if (!int.TryParse(entry.Name, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number >= labels.Length
                || entry.Value.ValueKind != JsonValueKind.String)
            {
                return null;
            }

            labels[number] = entry.Value.GetString();
        }

        return labels.Length > 0 && Array.IndexOf(labels, null) < 0 ? [.. labels.OfType<string>()] : null;
    }
}
