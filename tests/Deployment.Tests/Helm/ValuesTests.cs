using System.Text.Json;
using Serving.Deployment.Tests.Tools;
using YamlDotNet.RepresentationModel;

namespace Serving.Deployment.Tests.Helm;

public sealed class ValuesTests
{
    private static readonly string Text = Checkout.Read("deploy", "helm", "serving", "values.yaml");

    [Fact]
    public void Values_EveryKey_IsInTheSchemaAndTheOtherWayRound()
    {
        var schema = JsonDocument.Parse(Checkout.Read("deploy", "helm", "serving", "values.schema.json")).RootElement;

        Assert.Equal(SchemaKeys(schema, "").Order(StringComparer.Ordinal), ValueKeys(Values(), "").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Values_EveryLine_HasACommentAboveItsGroup()
    {
        // A group of lines without a blank one between may share a comment; so may the keys within one that has none of its own.
        var undocumented = Text.Split("\n\n")
            .Where(group => !group.Split('\n')[0].StartsWith('#') && !group.Contains("\n  #", StringComparison.Ordinal));

        Assert.Empty(undocumented);
    }

    [Fact]
    public void Values_EveryTopLevelKey_IsUsedByATemplate()
    {
        var templates = string.Concat(Directory.EnumerateFiles(Path.Combine(HelmTool.Chart, "templates")).Select(File.ReadAllText));

        Assert.All(Values().Children.Keys, key => Assert.Contains($".Values.{key}", templates, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("replicaCount=-1", "/replicaCount")]
    [InlineData("replicas=2", "'replicas' not allowed")]
    [InlineData("models.source=s3", "/models/source")]
    [InlineData("models.path=models", "/models/path")]
    [InlineData("gpu.count=0", "/gpu/count")]
    [InlineData("options.httpPort=9000", "httpPort")]
    [InlineData("options.max-queue-rows=1", "max-queue-rows")]
    [InlineData("options.tlsKey=/key", "tlsKey")]
    [InlineData("tls.clientCertificates=true", "tls.clientCertificates needs tls.existingSecret")]
    [InlineData("drain.timeoutSeconds=3601", "/drain/timeoutSeconds")]
    [InlineData("resources.limits.memory=lots", "/resources/limits/memory")]
    [InlineData("serviceMonitor.interval=often", "/serviceMonitor/interval")]
    [InlineData("podDisruptionBudget.maxUnavailable=120%", "/podDisruptionBudget/maxUnavailable")]
    public async Task Template_BadValue_IsRefusedByName(string value, string named)
    {
        var result = await HelmTool.RunAsync("template", "models", HelmTool.Chart, "--set", value);

        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains(named, result.Error, StringComparison.Ordinal);
    }

    private static YamlMappingNode Values()
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(Text));
        return (YamlMappingNode)stream.Documents[0].RootNode;
    }

    private static IEnumerable<string> ValueKeys(YamlMappingNode map, string prefix) => map.Children.SelectMany(pair =>
        pair.Value is YamlMappingNode { Children.Count: > 0 } inner && !Free(prefix + pair.Key) ? ValueKeys(inner, $"{prefix}{pair.Key}.") : [prefix + pair.Key]);

    private static IEnumerable<string> SchemaKeys(JsonElement schema, string prefix) => schema.GetProperty("properties").EnumerateObject()
        .Where(property => prefix + property.Name != "global")
        .SelectMany(property => property.Value.TryGetProperty("properties", out _) && !Free(prefix + property.Name)
            ? SchemaKeys(property.Value, $"{prefix}{property.Name}.")
            : [prefix + property.Name]);

    /// <summary>Values whose keys are Kubernetes' and not ours.</summary>
    private static bool Free(string key) => key is "resources" or "models.fetch.resources" or "podSecurityContext" or "securityContext"
        || key.StartsWith("probes.", StringComparison.Ordinal);
}
