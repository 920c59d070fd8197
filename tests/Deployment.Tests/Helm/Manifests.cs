using YamlDotNet.RepresentationModel;

namespace Serving.Deployment.Tests.Helm;

/// <summary>What a chart was rendered to.</summary>
internal sealed record Manifests(IReadOnlyList<YamlNode> All)
{
    public static Manifests Parse(string yaml)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        return new Manifests([.. stream.Documents.Select(document => document.RootNode).Where(root => root is YamlMappingNode)]);
    }

    /// <summary>The only object of a kind.</summary>
    public YamlNode Only(string kind) => Assert.Single(OfKind(kind));

    public IEnumerable<YamlNode> OfKind(string kind) => All.Where(node => node.Text("kind") == kind);

    /// <summary>The container that runs the server.</summary>
    public YamlNode Server => Only("Deployment").At("spec", "template", "spec", "containers", "0");
}
