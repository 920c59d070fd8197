using System.Globalization;
using YamlDotNet.RepresentationModel;
using YamlDotNet.Serialization;

namespace Serving.Deployment.Tests.Helm;

internal static class YamlNodeExtensions
{
    private static readonly ISerializer Serializer = new SerializerBuilder().Build();

    /// <summary>What lies at a path of keys and positions, or null.</summary>
    public static YamlNode? Find(this YamlNode node, params string[] path) => path.Aggregate((YamlNode?)node, static (at, key) => at switch
    {
        YamlMappingNode map => map.Children.TryGetValue(key, out var child) ? child : null,
        YamlSequenceNode list => int.Parse(key, CultureInfo.InvariantCulture) is var i && i < list.Children.Count ? list[i] : null,
        _ => null,
    });

    public static YamlNode At(this YamlNode node, params string[] path)
    {
        var found = node.Find(path);
        Assert.True(found is not null, $"There is no {string.Join('.', path)} in\n{node.ToYaml()}");
        return found;
    }

    public static string Text(this YamlNode node, params string[] path) => ((YamlScalarNode)node.At(path)).Value!;

    public static IEnumerable<YamlNode> Items(this YamlNode node, params string[] path) => node.Find(path) is YamlSequenceNode list ? list.Children : [];

    /// <summary>The entries of a map whose values are scalars, in the order of their names.</summary>
    public static string Pairs(this YamlNode node, params string[] path) => string.Join(
        ", ",
        ((YamlMappingNode)node.At(path)).Children.Select(pair => $"{pair.Key}={pair.Value}").Order(StringComparer.Ordinal));

    /// <summary>A container's environment variable, or null.</summary>
    public static string? Variable(this YamlNode container, string name) =>
        container.Items("env").SingleOrDefault(variable => variable.Text("name") == name)?.Text("value");

    /// <summary>Every place in the tree that holds a value, such as <c>spec.ports.0.name</c>.</summary>
    public static IEnumerable<string> Leaves(this YamlNode node, string prefix = "") => node switch
    {
        YamlMappingNode map => map.Children.SelectMany(pair => pair.Value.Leaves($"{prefix}.{pair.Key}")),
        YamlSequenceNode list => list.Children.SelectMany((item, i) => item.Leaves($"{prefix}.{i}")),
        _ => [prefix],
    };

    public static string ToYaml(this YamlNode node) => Serializer.Serialize(node);
}
