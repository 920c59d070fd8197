namespace Serving.Deployment.Tests.Helm;

/// <summary>Services, scaling, disruption, monitoring, KServe.</summary>
public sealed class AroundThePodsTests
{
    [Theory]
    [InlineData("defaults")]
    [InlineData("full")]
    public async Task Template_Selectors_MatchThePods(string example)
    {
        var manifests = await HelmTool.RenderAsync(HelmTool.Example(example));

        var deployment = manifests.Only("Deployment");
        var labels = deployment.Pairs("spec", "template", "metadata", "labels").Split(", ").ToHashSet();
        Assert.Subset(labels, deployment.Pairs("spec", "selector", "matchLabels").Split(", ").ToHashSet());
        Assert.All(manifests.OfKind("Service"), service => Assert.Subset(labels, service.Pairs("spec", "selector").Split(", ").ToHashSet()));
        Assert.All(manifests.OfKind("PodDisruptionBudget"), budget => Assert.Subset(labels, budget.Pairs("spec", "selector", "matchLabels").Split(", ").ToHashSet()));
    }

    [Fact]
    public async Task Template_Service_LeadsToTheNamedPorts()
    {
        var manifests = await HelmTool.RenderAsync("--set", "service.httpPort=80");

        var ports = manifests.Only("Service").Items("spec", "ports").Select(port => $"{port.Text("port")} {port.Text("targetPort")} {port.Text("appProtocol")}");
        Assert.Equal(["80 http http", "8001 grpc kubernetes.io/h2c", "8002 metrics http"], ports);
    }

    [Fact]
    public async Task Template_Headless_IsASecondService()
    {
        var manifests = await HelmTool.RenderAsync("--set", "service.headless=true");

        var headless = manifests.OfKind("Service").Single(service => service.Text("metadata", "name").EndsWith("-headless", StringComparison.Ordinal));
        Assert.Equal("None", headless.Text("spec", "clusterIP"));
        Assert.Equal(2, manifests.OfKind("Service").Count());
    }

    [Fact]
    public async Task Template_Autoscaling_OwnsTheNumberOfPods()
    {
        var manifests = await HelmTool.RenderAsync(HelmTool.Example("full"));

        var scaler = manifests.Only("HorizontalPodAutoscaler");
        Assert.Null(manifests.Only("Deployment").Find("spec", "replicas"));
        Assert.Equal(manifests.Only("Deployment").Text("metadata", "name"), scaler.Text("spec", "scaleTargetRef", "name"));
        Assert.Equal("70", scaler.Text("spec", "metrics", "0", "resource", "target", "averageUtilization"));
        Assert.Equal("serving_saturation", scaler.Text("spec", "metrics", "1", "pods", "metric", "name"));
    }

    [Theory]
    [InlineData("replicaCount=1", 0)]
    [InlineData("replicaCount=2", 1)]
    [InlineData("replicaCount=2,podDisruptionBudget.enabled=false", 0)]
    [InlineData("replicaCount=5,autoscaling.enabled=true", 0)]
    [InlineData("autoscaling.enabled=true,autoscaling.minReplicas=2", 1)]
    public async Task Template_DisruptionBudget_NeverBlocksASinglePod(string values, int budgets)
    {
        var manifests = await HelmTool.RenderAsync("--set", values);

        Assert.Equal(budgets, manifests.OfKind("PodDisruptionBudget").Count());
    }

    [Fact]
    public async Task Template_ServiceMonitor_SelectsExactlyOneService()
    {
        var manifests = await HelmTool.RenderAsync(HelmTool.Example("full"));

        var monitor = manifests.Only("ServiceMonitor");
        var wanted = monitor.Pairs("spec", "selector", "matchLabels").Split(", ");
        var selected = manifests.OfKind("Service").Where(service => wanted.ToHashSet().IsSubsetOf(service.Pairs("metadata", "labels").Split(", ")));
        Assert.Equal("models-serving", Assert.Single(selected).Text("metadata", "name"));
        Assert.Equal("metrics", monitor.Text("spec", "endpoints", "0", "port"));
        Assert.Equal("prometheus", monitor.Text("metadata", "labels", "release"));
    }

    [Fact]
    public async Task Template_KServeOnly_MakesTheRuntimeAndNothingElse()
    {
        var manifests = await HelmTool.RenderAsync(HelmTool.Example("kserve"));

        var runtime = Assert.Single(manifests.All);
        Assert.Equal("ClusterServingRuntime", runtime.Text("kind"));
        Assert.Equal("onnx", runtime.Text("spec", "supportedModelFormats", "0", "name"));
        Assert.Equal(["v1", "v2", "grpc-v2"], runtime.Items("spec", "protocolVersions").Select(version => version.ToString()));
        var container = runtime.At("spec", "containers", "0");
        Assert.Equal("kserve-container", container.Text("name"));
        Assert.Equal(["--repository=/mnt/models", "--model-name={{.Name}}", "--port=8080"], container.Items("args").Select(argument => argument.ToString()));
        Assert.Equal("1", container.Variable("ORT_DISABLE_TELEMETRY"));
    }
}
