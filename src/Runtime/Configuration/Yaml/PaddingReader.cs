using System.Collections.Immutable;

namespace Serving.Runtime.Configuration.Yaml;

/// <summary>Reads <c>padding</c>: <c>none</c>, or per input the value that pads it.</summary>
internal sealed class PaddingReader
{
    private const string Key = "padding";

    private readonly YamlValueReader _values;

    public PaddingReader(YamlValueReader values) => _values = values;

    public PaddingConfig Read(YamlNode node)
    {
        if (node is YamlNode.Scalar { Value: "none" })
        {
            return new PaddingConfig(false, ImmutableDictionary<string, int>.Empty);
        }

        var values = ImmutableDictionary.CreateBuilder<string, int>(StringComparer.Ordinal);
        foreach (var entry in _values.Map(node, Key, "'none', or a map from an input's name to a value such as {input_ids: 1}"))
        {
            if (_values.Integer(entry.Value, YamlValueReader.Under(Key, entry.Key), int.MinValue, int.MaxValue) is { } value)
            {
                values.Add(entry.Key, (int)value);
            }
        }

        return new PaddingConfig(true, values.ToImmutable());
    }
}
