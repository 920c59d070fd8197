using System.Text.Json;

namespace Serving.Runtime.Tasks.Options;

/// <summary>Texts of JSON that may hold half of a surrogate pair, which is no text.</summary>
internal static class JsonTexts
{
    /// <summary>The text; null where it is none.</summary>
    public static string? Read(JsonElement value)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
