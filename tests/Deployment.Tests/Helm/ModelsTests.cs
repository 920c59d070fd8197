namespace Serving.Deployment.Tests.Helm;

public sealed class ModelsTests
{
    [Theory]
    [InlineData("models.source=emptyDir", "{}", "emptyDir")]
    [InlineData("models.source=existingClaim,models.existingClaim=mine", "claimName=mine", "persistentVolumeClaim")]
    [InlineData("models.source=newClaim", "claimName=models-serving-models", "persistentVolumeClaim")]
    [InlineData("models.source=hostPath,models.hostPath=/data", "path=/data, type=Directory", "hostPath")]
    [InlineData("models.source=image,models.image=a/b:1", "pullPolicy=IfNotPresent, reference=a/b:1", "image")]
    public async Task Template_Source_IsTheVolumeOfTheRepository(string values, string expected, string kind)
    {
        var manifests = await HelmTool.RenderAsync("--set", values);

        var volume = manifests.Only("Deployment").Items("spec", "template", "spec", "volumes").Single(v => v.Text("name") == "models");
        Assert.Equal(expected, volume.Pairs(kind) is { Length: > 0 } pairs ? pairs : "{}");
        var mount = manifests.Server.Items("volumeMounts").Single(m => m.Text("name") == "models");
        Assert.Equal("mountPath=/models, name=models, readOnly=true", mount.Pairs());
        Assert.Equal("/models", manifests.Server.Text("args", "1"));
    }

    [Fact]
    public async Task Template_NewClaim_IsKept()
    {
        var claim = (await HelmTool.RenderAsync(HelmTool.Example("full"))).Only("PersistentVolumeClaim");

        Assert.Equal("keep", claim.Text("metadata", "annotations", "helm.sh/resource-policy"));
        Assert.Equal("50Gi", claim.Text("spec", "resources", "requests", "storage"));
        Assert.Equal("fast", claim.Text("spec", "storageClassName"));
        Assert.Equal("ReadWriteMany", claim.Text("spec", "accessModes", "0"));
    }

    [Fact]
    public async Task Template_Fetch_WritesToTheSameFolderBeforeTheServerStarts()
    {
        var pod = (await HelmTool.RenderAsync(HelmTool.Example("full"))).Only("Deployment").At("spec", "template", "spec");

        var fetch = Assert.Single(pod.Items("initContainers"));
        Assert.Equal("rclone/rclone:1.70", fetch.Text("image"));
        Assert.Equal("mountPath=/models, name=models", fetch.At("volumeMounts", "0").Pairs());
        Assert.Equal("s3", fetch.Text("envFrom", "0", "secretRef", "name"));
    }

    [Theory]
    [InlineData("models.source=existingClaim", "models.existingClaim is needed")]
    [InlineData("models.source=hostPath", "models.hostPath is needed")]
    [InlineData("models.source=image", "models.image is needed")]
    [InlineData("models.fetch.enabled=true", "models.fetch.image is needed")]
    public async Task Template_SourceIncomplete_SaysWhatIsNeeded(string values, string message)
    {
        var result = await HelmTool.RunAsync("template", "models", HelmTool.Chart, "--set", values);

        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
    }
}
