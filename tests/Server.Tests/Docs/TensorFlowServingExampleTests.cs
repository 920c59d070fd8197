using System.Diagnostics;
using Serving.TestKit.Graphs;
using Serving.TestKit.Servers;
using Serving.TestKit.Source;

namespace Serving.Server.Tests.Docs;

/// <summary>The example of TensorFlow Serving's calls, run against a model of the same tensors.</summary>
public sealed class TensorFlowServingExampleTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("serving-example-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Predict_ModelOfTheSameTensors_PrintsWhatTheReadmeSays()
    {
        new OnnxGraphBuilder()
            .Input("x", "FP32", "batch", 3, "height", "width")
            .Output("scores", "FP32", "batch", 2)
            .Weight("w", [3 * 48 * 192, 2], new float[3 * 48 * 192 * 2])
            .Node("Flatten", ["x"], ["flat"], ("axis", 1))
            .Node("MatMul", ["flat", "w"], ["logits"])
            .Node("Softmax", ["logits"], ["scores"], ("axis", 1))
            .Save(Path.Combine(_folder.FullName, "pp-ocrv4-direction", "1", "model.onnx"));
        await using var server = await RunningServer.StartAsync(options =>
        {
            options.Repository.Add(_folder.FullName);
            options.SettleTime = TimeSpan.Zero;
        });

        var printed = await RunAsync(Path.Combine(SourceTree.Root, "examples", "tensorflow-serving", "predict.mjs"), server.HttpAddress.ToString().TrimEnd('/'));

        Assert.Contains(printed.TrimEnd(), new Document("examples/tensorflow-serving/README.md").Blocks.Select(block => block.TrimEnd()));
    }

    private static async Task<string> RunAsync(params string[] arguments)
    {
        using var node = Process.Start(new ProcessStartInfo("node", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, error) = (node.StandardOutput.ReadToEndAsync(), node.StandardError.ReadToEndAsync());
        await node.WaitForExitAsync().WaitAsync(Patience);
        Assert.True(node.ExitCode == 0, await error.WaitAsync(Patience));
        return await output.WaitAsync(Patience);
    }
}
