using System.Globalization;
using System.Text.Json.Nodes;

namespace Serving.Conformance.Expectations;

/// <summary>A place in JSON: keys and indices with dots between them.</summary>
internal static class JsonPath
{
    public static JsonNode? Find(JsonNode? node, string path)
    {
        foreach (var part in path.Split('.'))
        {
            node = node switch
            {
                JsonObject item => item[part],
                JsonArray array when int.TryParse(part, CultureInfo.InvariantCulture, out var index) && index < array.Count => array[index],
                _ => null,
            };
        }

        return node;
    }
}
