using System.Collections.Immutable;

namespace Serving.Runtime.Configuration.Yaml;

/// <summary>Reads <c>labels</c>: names that requests may use in place of versions.</summary>
internal sealed class VersionLabelsReader
{
    private const string Key = "labels";

    private readonly YamlValueReader _values;

    public VersionLabelsReader(YamlValueReader values) => _values = values;

    public ImmutableSortedDictionary<string, long> Read(YamlNode node)
    {
        var labels = ImmutableSortedDictionary.CreateBuilder<string, long>(StringComparer.Ordinal);
        foreach (var entry in _values.Map(node, Key, "a map from label to version, such as {stable: 3, canary: 4}"))
        {
            var key = YamlValueReader.Under(Key, entry.Key);
            if (!IsLabel(entry.Key))
            {
                _values.Note(entry.Value, key, "the label is not allowed; allowed are letters, digits, '-', '_' and '.', at least one of them neither digit nor dot");
            }

            if (_values.Integer(entry.Value, key, 1, long.MaxValue) is { } version)
            {
                labels[entry.Key] = version;
            }
        }

        return labels.ToImmutable();
    }

    // Digits alone are a version, and a path of a request must be able to hold it.
    private static bool IsLabel(string text) =>
        text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.') && !text.All(c => char.IsAsciiDigit(c) || c == '.');
}
