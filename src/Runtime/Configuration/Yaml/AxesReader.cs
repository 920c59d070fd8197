using System.Collections.Immutable;

namespace Serving.Runtime.Configuration.Yaml;

/// <summary>
/// Reads <c>axes</c>. By position: <c>batch</c> is the batch axis; <c>length</c> and <c>length:NAME</c> are axes whose extent may differ
/// between requests, and those of one name always have the same extent in a request; any other name, a number or null is an axis of no interest.
/// </summary>
internal sealed class AxesReader
{
    private const string Batch = "batch";
    private const string Length = "length";
    private const string LengthPrefix = "length:";
    private const string AllowedAxis = "'batch', 'length', 'length:NAME' (no blank after the colon), another name, or null";

    private readonly YamlValueReader _values;

    public AxesReader(YamlValueReader values) => _values = values;

    public ImmutableDictionary<string, ImmutableArray<AxisConfig>> Read(YamlNode node)
    {
        var axes = ImmutableDictionary.CreateBuilder<string, ImmutableArray<AxisConfig>>(StringComparer.Ordinal);
        foreach (var entry in _values.Map(node, "axes", "a map from a tensor's name to a list such as [batch, length]"))
        {
            axes.Add(entry.Key, ReadTensor(entry.Value, YamlValueReader.Under("axes", entry.Key)));
        }

        return axes.ToImmutable();
    }

    private ImmutableArray<AxisConfig> ReadTensor(YamlNode node, string key)
    {
        if (node is not YamlNode.Sequence sequence)
        {
            _values.Refuse(node, key, $"a list with {AllowedAxis} for each axis");
            return [];
        }

        var axes = sequence.Items.Select((item, i) => ReadAxis(item, $"{key}[{i}]")).ToImmutableArray();
        if (axes.Count(a => a.Role == AxisRole.Batch) > 1)
        {
            _values.Refuse(node, key, "one batch axis per tensor");
        }

        return axes;
    }

    private AxisConfig ReadAxis(YamlNode node, string key)
    {
        if (node is not YamlNode.Scalar scalar)
        {
            _values.Refuse(node, key, AllowedAxis);
            return default;
        }

        if (scalar.IsNull)
        {
            return new AxisConfig("", AxisRole.Other);
        }

        var name = scalar.Value;
        if (name is Batch or Length)
        {
            return new AxisConfig(name, name == Batch ? AxisRole.Batch : AxisRole.Length);
        }

        if (name.StartsWith(LengthPrefix, StringComparison.Ordinal) && name.Length > LengthPrefix.Length)
        {
            return new AxisConfig(name[LengthPrefix.Length..].Trim(), AxisRole.Length);
        }

        // A mistyped role would otherwise be taken for a name, and change how requests are batched.
        var isMistyped = name.Equals(Batch, StringComparison.OrdinalIgnoreCase) || name.Equals(Length, StringComparison.OrdinalIgnoreCase);
        if (isMistyped || name.Length == 0 || name.Contains(':'))
        {
            _values.Refuse(node, key, AllowedAxis);
        }

        return new AxisConfig(name, AxisRole.Other);
    }
}
