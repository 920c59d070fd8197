using System.Collections.Immutable;

namespace Serving.Runtime.Configuration.Yaml;

/// <summary>Reads <c>warmup.shapes</c>: a list of runs, each a map from an input's name to its extents.</summary>
internal sealed class WarmupReader
{
    private const string Key = "warmup.shapes";

    private readonly YamlValueReader _values;

    public WarmupReader(YamlValueReader values) => _values = values;

    public ImmutableArray<ImmutableDictionary<string, ImmutableArray<long>>> Read(YamlNode node)
    {
        var runs = _values.List(node, Key, "a list of maps from input to extents, such as [{input_ids: [1, 128]}]");
        return [.. runs.Select((run, i) => ReadRun(run, $"{Key}[{i}]"))];
    }

    private ImmutableDictionary<string, ImmutableArray<long>> ReadRun(YamlNode node, string key)
    {
        var shapes = ImmutableDictionary.CreateBuilder<string, ImmutableArray<long>>(StringComparer.Ordinal);
        foreach (var entry in _values.Map(node, key, "a map from input to extents, such as {input_ids: [1, 128]}"))
        {
            shapes.Add(entry.Key, ReadShape(entry.Value, YamlValueReader.Under(key, entry.Key)));
        }

        return shapes.ToImmutable();
    }

    private ImmutableArray<long> ReadShape(YamlNode node, string key)
    {
        // An empty list is a scalar's shape.
        if (node is not YamlNode.Sequence sequence)
        {
            _values.Refuse(node, key, "a list of extents such as [1, 128]");
            return [];
        }

        return [.. sequence.Items.Select((item, i) => _values.Integer(item, $"{key}[{i}]", 0, int.MaxValue)).OfType<long>()];
    }
}
