using YamlDotNet.RepresentationModel;

namespace Serving.Deployment.Tests.Helm;

public sealed class DeploymentTests
{
    [Fact]
    public async Task Template_Defaults_AsksTheServerAboutItself()
    {
        var server = (await HelmTool.RenderAsync()).Server;

        Assert.Equal("/livez", server.Text("startupProbe", "httpGet", "path"));
        Assert.Equal("/livez", server.Text("livenessProbe", "httpGet", "path"));
        Assert.Equal("/readyz", server.Text("readinessProbe", "httpGet", "path"));
        Assert.Equal(["http 8000", "grpc 8001", "metrics 8002"], server.Items("ports").Select(port => $"{port.Text("name")} {port.Text("containerPort")}"));
    }

    [Theory]
    [InlineData("defaults")]
    [InlineData("tls")]
    public async Task Template_Probes_AskThePortThatNeedsNoCertificate(string example)
    {
        var server = (await HelmTool.RenderAsync(HelmTool.Example(example))).Server;

        Assert.All((string[])["startupProbe", "livenessProbe", "readinessProbe"], probe => Assert.Equal("metrics", server.Text(probe, "httpGet", "port")));
    }

    [Fact]
    public async Task Template_Tls_MountsTheSecretAndNamesItsFiles()
    {
        var manifests = await HelmTool.RenderAsync(HelmTool.Example("tls"));

        var server = manifests.Server;
        Assert.Equal("/tls/tls.crt", server.Variable("Serving__TlsCertificate"));
        Assert.Equal("/tls/tls.key", server.Variable("Serving__TlsKey"));
        Assert.Equal("/tls/ca.crt", server.Variable("Serving__TlsClientCa"));
        Assert.Equal("mountPath=/tls, name=tls, readOnly=true", server.Items("volumeMounts").Single(mount => mount.Text("name") == "tls").Pairs());
        var volume = manifests.Only("Deployment").Items("spec", "template", "spec", "volumes").Single(volume => volume.Text("name") == "tls");
        Assert.Equal("secretName=serving-tls", volume.Pairs("secret"));
        Assert.Equal(["https", "https", "http"], manifests.Only("Service").Items("spec", "ports").Select(port => port.Text("appProtocol")));
    }

    [Fact]
    public async Task Template_TlsWithoutClientCertificates_TrustsNoRoot()
    {
        var server = (await HelmTool.RenderAsync("--set", "tls.existingSecret=mine")).Server;

        Assert.Equal("/tls/tls.crt", server.Variable("Serving__TlsCertificate"));
        Assert.Null(server.Variable("Serving__TlsClientCa"));
    }

    [Fact]
    public async Task Template_Defaults_SetsAddressAndTelemetry()
    {
        var server = (await HelmTool.RenderAsync()).Server;

        Assert.Equal("1", server.Variable("ORT_DISABLE_TELEMETRY"));
        Assert.Equal("0.0.0.0", server.Variable("Serving__Host"));
        Assert.Equal("serving:0.1.0", server.Text("image"));
        Assert.Null(server.Variable("Serving__AllowManagement"));
    }

    [Theory]
    [InlineData("", "40", "00:00:05", "00:00:30", null)]
    [InlineData("drain.delaySeconds=10,drain.timeoutSeconds=3600,drain.preStopSeconds=3,drain.marginSeconds=7", "3620", "00:00:10", "01:00:00", "3")]
    [InlineData("drain.delaySeconds=0,drain.timeoutSeconds=90,drain.marginSeconds=0", "90", "00:00:00", "00:01:30", null)]
    public async Task Template_Drain_GivesThePodTheTimeThatTheServerTakes(string values, string grace, string delay, string timeout, string? preStop)
    {
        var manifests = await HelmTool.RenderAsync(values == "" ? [] : ["--set", values]);

        Assert.Equal(grace, manifests.Only("Deployment").Text("spec", "template", "spec", "terminationGracePeriodSeconds"));
        Assert.Equal(delay, manifests.Server.Variable("Serving__DrainDelay"));
        Assert.Equal(timeout, manifests.Server.Variable("Serving__DrainTimeout"));
        Assert.Equal(preStop, (manifests.Server.Find("lifecycle", "preStop", "sleep", "seconds") as YamlScalarNode)?.Value);
    }

    [Fact]
    public async Task Template_Options_BecomeEnvironment()
    {
        var server = (await HelmTool.RenderAsync(HelmTool.Example("full"))).Server;

        Assert.Equal("1000000", server.Variable("Serving__MaxQueueRows"));
        Assert.Equal("true", server.Variable("Serving__StrictReadiness"));
        Assert.Equal("00:00:30", server.Variable("Serving__PollInterval"));
        Assert.Equal("cuda", server.Variable("Serving__Providers__0"));
        Assert.Equal("cpu", server.Variable("Serving__Providers__1"));
        Assert.Equal(["--repository", "/models", "--server-timing"], server.Items("args").Select(argument => argument.ToString()));
    }

    [Fact]
    public async Task Template_ManagementKey_ComesFromTheSecret()
    {
        var server = (await HelmTool.RenderAsync(HelmTool.Example("full"))).Server;

        var variable = Assert.Single(server.Items("env"), item => item.Text("name") == "Serving__ManagementKey");
        Assert.Equal("key=management-key, name=serving-key", variable.Pairs("valueFrom", "secretKeyRef"));
    }

    [Fact]
    public async Task Template_Appsettings_AreMountedAndRestartPods()
    {
        var with = await HelmTool.RenderAsync(HelmTool.Example("full"));
        var without = await HelmTool.RenderAsync();

        Assert.Contains("\"Default\": \"Warning\"", with.Only("ConfigMap").Text("data", "appsettings.json"), StringComparison.Ordinal);
        Assert.Contains(with.Server.Items("volumeMounts"), mount => mount.Text("mountPath") == "/app/appsettings.json");
        Assert.Empty(without.OfKind("ConfigMap"));
        Assert.NotEqual(Checksum(without), Checksum(with));
    }

    [Fact]
    public async Task Template_Gpu_TakesImageDeviceAndNode()
    {
        var manifests = await HelmTool.RenderAsync(HelmTool.Example("gpu"));

        var pod = manifests.Only("Deployment").At("spec", "template", "spec");
        Assert.Equal("serving:0.1.0-cuda", manifests.Server.Text("image"));
        Assert.Equal("memory=4Gi, nvidia.com/gpu=2", manifests.Server.Pairs("resources", "limits"));
        Assert.Equal("nvidia", pod.Text("runtimeClassName"));
        Assert.Equal(["nvidia.com/gpu", "spot"], pod.Items("tolerations").Select(toleration => toleration.Text("key")));
        Assert.Equal("maxSurge=0, maxUnavailable=1", manifests.Only("Deployment").Pairs("spec", "strategy", "rollingUpdate"));
    }

    private static string Checksum(Manifests manifests) =>
        manifests.Only("Deployment").Text("spec", "template", "metadata", "annotations", "checksum/appsettings");
}
