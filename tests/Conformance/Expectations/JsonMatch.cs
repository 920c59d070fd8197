using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Serving.Conformance.Protocols;

namespace Serving.Conformance.Expectations;

/// <summary>
/// Compares JSON with a pattern. Objects may have more keys than the pattern; arrays have as many elements. An object whose keys begin
/// with a dollar is a rule instead, such as <c>{"$type": "integer"}</c>; README.md lists them.
/// </summary>
internal sealed class JsonMatch(Reply reply, IReadOnlyDictionary<string, string> saved)
{
    private JsonNode? Root => reply.Json;

    public void Check(JsonNode? pattern, JsonNode? actual, string path, bool exists = true)
    {
        if (pattern is JsonObject { Count: > 0 } rule && rule.All(pair => pair.Key.StartsWith('$')))
        {
            CheckRule(rule, actual, path, exists);
            return;
        }

        Demand(exists, path, "is missing", null);
        switch (pattern)
        {
            case JsonObject item:
                Demand(actual is JsonObject, path, "is no object", actual);
                foreach (var (key, value) in item)
                {
                    var has = actual!.AsObject().TryGetPropertyValue(key, out var child);
                    Check(value, child, $"{path}.{key}", has);
                }

                break;
            case JsonArray array:
                Demand(actual is JsonArray other && other.Count == array.Count, path, $"is no array of {array.Count}", actual);
                for (var i = 0; i < array.Count; i++)
                {
                    Check(array[i], actual![i], $"{path}.{i}");
                }

                break;
            default:
                Demand(IsEqual(pattern, actual), path, $"is not {pattern?.ToJsonString() ?? "null"}", actual);
                break;
        }
    }

    public bool Matches(JsonNode? pattern, JsonNode? actual)
    {
        try
        {
            Check(pattern, actual, "");
            return true;
        }
        catch (ExpectationException)
        {
            return false;
        }
    }

    private void CheckRule(JsonObject rule, JsonNode? actual, string path, bool exists)
    {
        if (rule["$absent"] is not null)
        {
            Demand(!exists, path, "should be absent", actual);
            return;
        }

        Demand(exists, path, "is missing", null);
        foreach (var (name, value) in rule)
        {
            Demand(Holds(name, value, rule, actual), path, $"does not keep {rule.ToJsonString()}", actual);
        }
    }

    private bool Holds(string name, JsonNode? value, JsonObject rule, JsonNode? actual) => name switch
    {
        "$type" => TypeOf(actual).Contains((string)value!),
        "$matches" => actual is JsonValue && Regex.IsMatch(actual.ToString(), (string)value!),
        "$oneOf" => value!.AsArray().Any(one => Matches(one, actual)),
        "$not" => !Matches(value, actual),
        "$has" => actual is JsonArray array && value!.AsArray().All(one => array.Any(item => Matches(one, item))),
        "$each" => actual is JsonArray all && all.All(item => Matches(value, item)),
        "$length" => actual is JsonArray counted && counted.Count == (int)value!,
        "$empty" => actual is JsonObject { Count: 0 } or JsonArray { Count: 0 } || actual?.ToString() == "",
        "$atLeast" => Number(actual) >= Number(value),
        "$same" => IsEqual(JsonPath.Find(Root, (string)value!), actual),
        "$saved" => rule["$plus"] is { } plus
            ? Number(actual) == double.Parse(saved[(string)value!], CultureInfo.InvariantCulture) + Number(plus)
            : actual?.ToString() == saved[(string)value!],
        "$plus" => true,
        _ => throw new InvalidOperationException($"There is no rule '{name}'."),
    };

    private string[] TypeOf(JsonNode? node) => node?.GetValueKind() switch
    {
        null => ["null"],
        JsonValueKind.Object => ["object"],
        JsonValueKind.Array => ["array"],
        JsonValueKind.String when reply.HasNumbersAsText && long.TryParse(node.ToString(), CultureInfo.InvariantCulture, out _) => ["string", "number", "integer"],
        JsonValueKind.String => ["string"],
        JsonValueKind.Number => Regex.IsMatch(node.ToJsonString(), "^-?[0-9]+$") ? ["number", "integer"] : ["number"],
        _ => ["boolean"],
    };

    private bool IsEqual(JsonNode? expected, JsonNode? actual)
    {
        var kinds = (expected?.GetValueKind(), actual?.GetValueKind());
        return kinds switch
        {
            (JsonValueKind.Number, JsonValueKind.Number) => expected!.ToJsonString() == actual!.ToJsonString() || Number(expected) == Number(actual),
            (JsonValueKind.Number, JsonValueKind.String) => reply.HasNumbersAsText && expected!.ToJsonString() == actual!.ToString(),
            _ => JsonNode.DeepEquals(expected, actual),
        };
    }

    private static double Number(JsonNode? node) =>
        double.TryParse(node?.ToString(), CultureInfo.InvariantCulture, out var number) ? number : double.NaN;

    private static void Demand(bool holds, string path, string what, JsonNode? actual)
    {
        if (!holds)
        {
            var text = actual?.ToJsonString() ?? "null";
            throw new ExpectationException($"{path} {what}" + (what == "is missing" ? "" : $": {(text.Length > 200 ? text[..200] + "..." : text)}"));
        }
    }
}
