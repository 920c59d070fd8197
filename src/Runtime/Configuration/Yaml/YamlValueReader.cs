using System.Collections.Immutable;
using System.Globalization;

namespace Serving.Runtime.Configuration.Yaml;

/// <summary>Reads values of one kind each; what does not fit is noted and read as null.</summary>
internal sealed class YamlValueReader
{
    private readonly ConfigErrors _errors;

    public YamlValueReader(ConfigErrors errors) => _errors = errors;

    public void Refuse(YamlNode node, string key, string allowed) =>
        Note(node, key, $"{node.Describe()} is not allowed; allowed is {allowed}");

    public void Note(YamlNode node, string key, string message) => _errors.Add(node.At, key, message);

    public string? Text(YamlNode node, string key, string allowed)
    {
        if (node is YamlNode.Scalar { IsNull: false, Value.Length: > 0 } scalar)
        {
            return scalar.Value;
        }

        Refuse(node, key, allowed);
        return null;
    }

    public long? Integer(YamlNode node, string key, long min, long max)
    {
        if (node is YamlNode.Scalar scalar
            && long.TryParse(scalar.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            && value >= min && value <= max)
        {
            return value;
        }

        Refuse(node, key, max == long.MaxValue ? $"an integer of at least {min}" : $"an integer from {min} to {max}");
        return null;
    }

    public TimeSpan? Duration(YamlNode node, string key)
    {
        if (node is YamlNode.Scalar scalar && DurationText.Parse(scalar.Value) is { } duration)
        {
            return duration;
        }

        Refuse(node, key, DurationText.Allowed);
        return null;
    }

    /// <summary>A value of a provider or session option as ONNX Runtime reads it, where truth is 1 and 0.</summary>
    private string? Option(YamlNode node, string key)
    {
        if (node is YamlNode.Scalar { IsNull: false } scalar)
        {
            return scalar switch
            {
                { IsQuoted: true } => scalar.Value,
                { Value: "true" or "True" or "TRUE" } => "1",
                { Value: "false" or "False" or "FALSE" } => "0",
                _ => scalar.Value,
            };
        }

        Refuse(node, key, "a single value");
        return null;
    }

    public ImmutableDictionary<string, string> Options(YamlNode node, string key)
    {
        var options = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var entry in Map(node, key, "a map from option to value"))
        {
            options.Add(entry.Key, Option(entry.Value, Under(key, entry.Key)) ?? "");
        }

        return options.ToImmutable();
    }

    public IReadOnlyList<YamlNode> List(YamlNode node, string key, string allowed)
    {
        if (node is YamlNode.Sequence { Items.Length: > 0 } sequence)
        {
            return sequence.Items;
        }

        Refuse(node, key, allowed);
        return [];
    }

    /// <summary>The entries of a map whose keys the user chooses. A key given twice is noted, and its first value taken.</summary>
    public IReadOnlyList<YamlEntry> Map(YamlNode node, string key, string allowed)
    {
        if (node is not YamlNode.Mapping mapping)
        {
            Refuse(node, key, allowed);
            return [];
        }

        var seen = new Dictionary<string, YamlEntry>(StringComparer.Ordinal);
        foreach (var entry in mapping.Entries)
        {
            if (!seen.TryAdd(entry.Key, entry))
            {
                _errors.Add(entry.At, Under(key, entry.Key), $"the key is given twice, first in line {seen[entry.Key].At.Line}");
            }
        }

        return [.. seen.Values];
    }

    /// <summary>The entries of a map whose keys the server defines: unknown ones and those not implemented are noted and left out.</summary>
    /// <param name="node">The map.</param>
    /// <param name="section">Where it stands, for messages.</param>
    /// <param name="listedAs">Where its keys are listed, if not under <paramref name="section"/>.</param>
    public IReadOnlyDictionary<string, YamlNode> Section(YamlNode node, string section, string? listedAs = null)
    {
        var known = ModelYamlKeys.Under(listedAs ?? section);
        var values = new Dictionary<string, YamlNode>(StringComparer.Ordinal);
        foreach (var entry in Map(node, section, $"a map with the keys {string.Join(", ", known)}"))
        {
            var key = Under(section, entry.Key);
            if (known.Contains(entry.Key))
            {
                values.Add(entry.Key, entry.Value);
            }
            else if (ModelYamlKeys.Unsupported.Contains(key))
            {
                _errors.Add(entry.At, key, "not supported by this version of the server");
            }
            else
            {
                _errors.Add(entry.At, ConfigErrors.Quote(key), $"unknown key; {NearestName.Suggest(entry.Key, known)}");
            }
        }

        return values;
    }

    /// <summary>The full key of <paramref name="name"/> inside <paramref name="section"/>.</summary>
    public static string Under(string section, string name) => section.Length == 0 ? name : $"{section}.{name}";
}
