using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace Serving.Runtime.Configuration.Yaml;

/// <summary>Reads <c>task</c>: a task's name, or a map with the name and the task's own options, which the task checks.</summary>
internal sealed class TaskReader
{
    private const string Key = "task";

    private readonly YamlValueReader _values;

    public TaskReader(YamlValueReader values) => _values = values;

    public TaskConfig Read(YamlNode node)
    {
        if (node is YamlNode.Scalar { IsNull: false } scalar)
        {
            return new TaskConfig(scalar.Value, ImmutableDictionary<string, JsonElement>.Empty);
        }

        string? name = null;
        var options = ImmutableDictionary.CreateBuilder<string, JsonElement>(StringComparer.Ordinal);
        foreach (var entry in _values.Map(node, Key, "a task's name, or a map such as {name: text-classification, top_k: 3}"))
        {
            if (entry.Key == "name")
            {
                name = _values.Text(entry.Value, $"{Key}.name", "a task's name such as text-classification");
            }
            else
            {
                options[entry.Key] = ToJson(entry.Value);
            }
        }

        return new TaskConfig(name, options.ToImmutable());
    }

    private static JsonElement ToJson(YamlNode node) => node switch
    {
        YamlNode.Sequence list => JsonSerializer.SerializeToElement(list.Items.Select(ToJson).ToArray()),
        YamlNode.Mapping map => JsonSerializer.SerializeToElement(map.Entries.DistinctBy(e => e.Key).ToDictionary(e => e.Key, e => ToJson(e.Value))),
        YamlNode.Scalar scalar => ToJson(scalar),
        _ => throw new InvalidOperationException("A value of YAML is a list, a map or a single value."),
    };

    private static JsonElement ToJson(YamlNode.Scalar scalar) => scalar switch
    {
        { IsNull: true } => JsonSerializer.SerializeToElement<string?>(null),
        { IsQuoted: true } => JsonSerializer.SerializeToElement(scalar.Value),
        { Value: "true" or "false" } => JsonSerializer.SerializeToElement(scalar.Value == "true"),
        _ when long.TryParse(scalar.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) => JsonSerializer.SerializeToElement(whole),
        _ when double.TryParse(scalar.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) =>
            JsonSerializer.SerializeToElement(number),
        _ => JsonSerializer.SerializeToElement(scalar.Value),
    };
}
