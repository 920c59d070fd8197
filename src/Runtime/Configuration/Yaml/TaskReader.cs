using System.Collections.Immutable;
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
                options[entry.Key] = YamlJson.Of(entry.Value);
            }
        }

        return new TaskConfig(name, options.ToImmutable());
    }
}
