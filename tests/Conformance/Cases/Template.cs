using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Serving.Conformance.Cases;

/// <summary>Puts a row's values where a case says <c>${name}</c>: a text that is nothing else becomes the value itself, filled in turn.</summary>
internal static partial class Template
{
    public static JsonNode? Fill(JsonNode? node, JsonObject row) => node switch
    {
        JsonObject item => new JsonObject(item.Select(pair => KeyValuePair.Create(Text(pair.Key, row), Fill(pair.Value, row)))),
        JsonArray array => new JsonArray([.. array.Select(item => Fill(item, row))]),
        JsonValue value when value.TryGetValue<string>(out var text) => Value(text, row),
        _ => node?.DeepClone(),
    };

    private static JsonNode? Value(string text, JsonObject row) =>
        Name().Match(text) is { Success: true } match && match.Length == text.Length
            ? Fill(Lookup(match, row), row)
            : JsonValue.Create(Text(text, row));

    private static string Text(string text, JsonObject row) => Name().Replace(text, match => $"{Lookup(match, row)}");

    private static JsonNode? Lookup(Match match, JsonObject row) => row.TryGetPropertyValue(match.Groups[1].Value, out var value)
        ? value
        : throw new InvalidOperationException($"No row of the case has {match.Value}.");

    [GeneratedRegex(@"\$\{(\w+)\}")]
    private static partial Regex Name();
}
