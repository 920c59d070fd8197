using YamlDotNet.RepresentationModel;

namespace Serving.Deployment.Tests.Helm;

/// <summary>What must hold for every example of values, and without any.</summary>
public sealed class ExampleTests
{
    public static TheoryData<string> Examples =>
        ["defaults", .. Directory.EnumerateFiles(Path.Combine(HelmTool.Chart, "ci")).Select(file => Path.GetFileName(file).Replace("-values.yaml", "", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task Lint_Example_FindsNothing(string example)
    {
        var result = await HelmTool.RunAsync(["lint", "--strict", HelmTool.Chart, .. HelmTool.Example(example)]);

        Assert.Contains("0 chart(s) failed", result.Succeeded(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task Template_Example_NamesAndLabelsEveryObject(string example)
    {
        var manifests = await HelmTool.RenderAsync(HelmTool.Example(example));

        Assert.NotEmpty(manifests.All);
        Assert.All(manifests.All, node =>
        {
            Assert.Matches("^([a-z0-9.]+/)?v[0-9]", node.Text("apiVersion"));
            Assert.Matches("^[a-z0-9][a-z0-9-]{0,62}$", node.Text("metadata", "name"));
            Assert.Equal("models", node.Text("metadata", "labels", "app.kubernetes.io/instance"));
        });
        Assert.Distinct(manifests.All.Select(node => $"{node.Text("kind")}/{node.Text("metadata", "name")}"));
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task Template_Example_KnowsEveryFieldOfADeployment(string example)
    {
        // kubectl reads the manifest into the types of Kubernetes and writes it again: a misspelled field is lost on the way.
        foreach (var deployment in (await HelmTool.RenderAsync(HelmTool.Example(example))).OfKind("Deployment"))
        {
            var result = await HelmTool.KubectlAsync(deployment.ToYaml(), "set", "env", "--local", "-f", "-", "-o", "yaml", "ADDED=1");

            var kept = Manifests.Parse(result.Succeeded()).Only("Deployment").Leaves();
            Assert.Empty(deployment.Leaves().Except(kept));
        }
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task Template_Example_MountsOnlyVolumesThatExist(string example)
    {
        foreach (var deployment in (await HelmTool.RenderAsync(HelmTool.Example(example))).OfKind("Deployment"))
        {
            var pod = deployment.At("spec", "template", "spec");
            var volumes = pod.Items("volumes").Select(volume => volume.Text("name")).ToList();
            var mounts = pod.Items("containers").Concat(pod.Items("initContainers"))
                .SelectMany(container => container.Items("volumeMounts"))
                .Select(mount => mount.Text("name"));

            Assert.Distinct(volumes);
            Assert.Superset(mounts.ToHashSet(), volumes.ToHashSet());
        }
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task Template_Example_RunsWithoutRights(string example)
    {
        var manifests = await HelmTool.RenderAsync(HelmTool.Example(example));

        foreach (var container in manifests.All.SelectMany(Containers))
        {
            Assert.Equal("true", container.Text("securityContext", "readOnlyRootFilesystem"));
            Assert.Equal("false", container.Text("securityContext", "allowPrivilegeEscalation"));
            Assert.Equal("ALL", container.Text("securityContext", "capabilities", "drop", "0"));
        }

        Assert.All(manifests.OfKind("Deployment"), deployment =>
        {
            Assert.Equal("true", deployment.Text("spec", "template", "spec", "securityContext", "runAsNonRoot"));
            Assert.Equal("false", deployment.Text("spec", "template", "spec", "automountServiceAccountToken"));
        });
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task Template_Example_SetsOnlyOptionsOfTheServer(string example)
    {
        var options = ServerOptions.Names();
        var manifests = await HelmTool.RenderAsync(HelmTool.Example(example));

        var named = manifests.All.SelectMany(Containers)
            .SelectMany(container => container.Items("env"))
            .Select(variable => variable.Text("name"))
            .Where(name => name.StartsWith("Serving__", StringComparison.Ordinal))
            .Select(name => name.Split("__")[1]);
        Assert.Subset(options, named.ToHashSet());
    }

    private static IEnumerable<YamlNode> Containers(YamlNode manifest) => manifest.Text("kind") switch
    {
        "Deployment" => manifest.Items("spec", "template", "spec", "containers").Concat(manifest.Items("spec", "template", "spec", "initContainers")),
        "ClusterServingRuntime" => manifest.Items("spec", "containers"),
        _ => [],
    };
}
