using System.Collections.Immutable;

namespace Serving.Runtime.Configuration.Yaml;

/// <summary>Reads <c>outputs</c>: per output, the file with the labels of its classes.</summary>
internal sealed class OutputsReader
{
    private const string Key = "outputs";

    private readonly YamlValueReader _values;

    public OutputsReader(YamlValueReader values) => _values = values;

    public ImmutableDictionary<string, string> Read(YamlNode node)
    {
        var labels = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var entry in _values.Map(node, Key, "a map from an output's name to a map such as {labels: labels.txt}"))
        {
            var key = YamlValueReader.Under(Key, entry.Key);
            if (_values.Section(entry.Value, key, "outputs.NAME").TryGetValue("labels", out var file) && ReadFile(file, $"{key}.labels") is { } name)
            {
                labels.Add(entry.Key, name);
            }
        }

        return labels.ToImmutable();
    }

    private string? ReadFile(YamlNode node, string key)
    {
        var name = _values.Text(node, key, "a file name such as labels.txt");
        if (name is not null && ConfigLimits.CheckFile(name) is { } why)
        {
            _values.Note(node, key, $"{node.Describe()} is not allowed; {why}");
        }

        return name;
    }
}
