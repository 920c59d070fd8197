using System.Text.Json.Nodes;

namespace Serving.Conformance.Cases;

/// <summary>
/// Reads a file of cases. Values under <c>let</c> can be used in all of them; a case with <c>each</c> becomes one for every combination of
/// the rows that it names.
/// </summary>
internal static class CaseFile
{
    public static IEnumerable<ConformanceCase> Read(string path)
    {
        var file = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        foreach (var template in file["cases"]!.AsArray())
        {
            foreach (var row in Rows(file, template!["each"] as JsonArray))
            {
                yield return ToCase(file, (JsonObject)Template.Fill(template, row)!);
            }
        }
    }

    private static ConformanceCase ToCase(JsonObject file, JsonObject node) => new(
        $"{file["area"]}.{node["name"]}",
        (string)node["rule"]!,
        (string)(node["section"] ?? file["section"])!,
        [.. Texts(file["needs"]), .. Texts(node["needs"])],
        Steps(node["steps"]),
        Steps(node["cleanup"]));

    private static IEnumerable<string> Texts(JsonNode? list) => list is JsonArray array ? array.Select(item => (string)item!) : [];

    private static IReadOnlyList<JsonObject> Steps(JsonNode? list) => list is JsonArray array ? [.. array.Select(item => item!.AsObject())] : [];

    /// <summary>The product of the named sets of rows, each combination merged into one object.</summary>
    private static IEnumerable<JsonObject> Rows(JsonObject file, JsonArray? names)
    {
        IEnumerable<JsonObject> rows = [file["let"] as JsonObject ?? []];
        foreach (var name in names ?? [])
        {
            var set = file["rows"]![(string)name!]!.AsArray();
            rows = [.. rows.SelectMany(row => set.Select(item => Merge(row, item!.AsObject())))];
        }

        return rows;
    }

    private static JsonObject Merge(JsonObject left, JsonObject right) =>
        new(left.Concat(right).Select(pair => KeyValuePair.Create(pair.Key, pair.Value?.DeepClone())));
}
