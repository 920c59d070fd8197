using System.Diagnostics;
using Serving.Deployment.Tests.Tools;

namespace Serving.Deployment.Tests.Examples;

/// <summary>The default models, fetched as ./serve does, and a process that answers for Silero VAD. See modelServer.mjs.</summary>
public sealed class ModelServer : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    private readonly ScratchFolder _models = new();
    private Process? _process;

    public string Url { get; private set; } = "";

    internal ScratchFolder Models => _models;

    public async Task InitializeAsync()
    {
        var script = $"import {{ layOutModels }} from {System.Text.Json.JsonSerializer.Serialize(Checkout.At("eng", "prepare", "models.mjs"))}; layOutModels(process.argv[1]);";
        (await Tool.RunAsync("node", "--input-type=module", "--eval", script, _models.Path)).Succeeded();

        var runtime = await NpmFolder.InstalledAsync("eng", "onnxruntime");
        var start = new ProcessStartInfo("node",
        [
            Checkout.At("tests", "Deployment.Tests", "Examples", "modelServer.mjs"),
            _models.At("silero-vad/1/model.onnx"),
            Path.Combine(runtime, "package.json"),
        ])
        {
            RedirectStandardOutput = true,
        };
        start.Environment["ORT_DISABLE_TELEMETRY"] = "1";
        _process = Process.Start(start)!;
        Url = $"http://127.0.0.1:{await _process.StandardOutput.ReadLineAsync().WaitAsync(Limit)}";
    }

    public Task DisposeAsync()
    {
        _process?.Kill();
        _process?.Dispose();
        _models.Dispose();
        return Task.CompletedTask;
    }
}
