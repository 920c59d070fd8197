using System.Collections.Immutable;

namespace Serving.Runtime.Configuration.Yaml;

/// <summary>Reads <c>providers</c>: a list of names, or of <c>name: {options}</c>.</summary>
internal sealed class ProvidersReader
{
    private const string Key = "providers";

    private readonly YamlValueReader _values;

    public ProvidersReader(YamlValueReader values) => _values = values;

    public ImmutableArray<ProviderConfig> Read(YamlNode node)
    {
        var providers = ImmutableArray.CreateBuilder<ProviderConfig>();
        foreach (var item in _values.List(node, Key, "a list such as [cuda, cpu]"))
        {
            var provider = ReadProvider(item, $"{Key}[{providers.Count}]");
            if (providers.Any(p => p.Name == provider.Name))
            {
                _values.Refuse(item, $"{Key}[{providers.Count}]", "each provider once");
            }

            providers.Add(provider);
        }

        return providers.ToImmutable();
    }

    private ProviderConfig ReadProvider(YamlNode node, string key)
    {
        var (name, options) = node switch
        {
            YamlNode.Scalar scalar => (scalar.Value, null),
            YamlNode.Mapping { Entries: [var only] } => (only.Key, only.Value),
            _ => ("", null),
        };

        if (!ConfigLimits.Providers.Contains(name))
        {
            var shown = name.Length > 0 ? ConfigErrors.Quote(name) : node.Describe();
            var allowed = string.Join(", ", ConfigLimits.Providers);
            _values.Note(node, key, $"{shown} is no provider; allowed are {allowed}, each alone or with its options as 'name: {{option: value}}'");
        }

        return new ProviderConfig(name, options is null ? [] : ReadOptions(options, $"{key}.{name}"));
    }

    private ImmutableDictionary<string, string> ReadOptions(YamlNode node, string key)
    {
        if (node is YamlNode.Scalar { IsNull: true })
        {
            return [];
        }

        return _values.Options(node, key);
    }
}
