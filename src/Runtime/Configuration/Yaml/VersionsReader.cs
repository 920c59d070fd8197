namespace Serving.Runtime.Configuration.Yaml;

/// <summary>Reads <c>versions</c>: <c>all</c>, <c>latest: N</c> or <c>specific: [..]</c>.</summary>
internal sealed class VersionsReader
{
    private const string Key = "versions";
    private const string Allowed = "'all', 'latest: N' or 'specific: [1, 2]'";

    private readonly YamlValueReader _values;

    public VersionsReader(YamlValueReader values) => _values = values;

    public VersionPolicy? Read(YamlNode node)
    {
        if (node is YamlNode.Scalar { Value: "all" })
        {
            return new VersionPolicy.All();
        }

        if (node is not YamlNode.Mapping)
        {
            _values.Refuse(node, Key, Allowed);
            return null;
        }

        var section = _values.Section(node, Key);
        if (section.Count > 1)
        {
            _values.Note(node, Key, $"only one policy can be given; allowed is {Allowed}");
        }

        if (section.TryGetValue("latest", out var latest))
        {
            var count = _values.Integer(latest, "versions.latest", 1, int.MaxValue);
            return new VersionPolicy.Latest((int)(count ?? 1));
        }

        return section.TryGetValue("specific", out var specific) ? ReadSpecific(specific) : null;
    }

    private VersionPolicy.Specific ReadSpecific(YamlNode node)
    {
        var items = _values.List(node, "versions.specific", "a list of versions such as [1, 2]");
        var versions = items.Select((item, i) => _values.Integer(item, $"versions.specific[{i}]", 1, long.MaxValue));
        return new VersionPolicy.Specific([.. versions.OfType<long>().Distinct().Order()]);
    }
}
