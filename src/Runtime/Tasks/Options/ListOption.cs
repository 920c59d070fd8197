using System.Text.Json;

namespace Serving.Runtime.Tasks.Options;

/// <summary>Several texts: a list, or one text with commas between them.</summary>
/// <param name="Name">Its key.</param>
/// <param name="Description">What it does and what it is where nobody says.</param>
/// <param name="Most">How many there may be.</param>
internal sealed record ListOption(string Name, string Description, int Most) : TaskOption(Name, Description)
{
    public override string Allowed => $"a list of texts, or texts with commas between them, at most {Most}";

    public override object? Read(JsonElement value)
    {
        var texts = value.ValueKind == JsonValueKind.Array
            ? value.EnumerateArray().Take(Most + 1).Select(JsonTexts.Read).ToArray()
            : JsonTexts.Read(value)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return texts is { Length: > 0 } && texts.Length <= Most && Array.IndexOf(texts, null) < 0 ? texts : null;
    }
}
