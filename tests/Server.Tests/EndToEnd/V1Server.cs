using Serving.Runtime.Tensors;
using Serving.TestKit.Graphs;
using Serving.TestKit.Servers;

namespace Serving.Server.Tests.EndToEnd;

/// <summary>The real server with small graphs of every type, one with several inputs, a classifier and a regressor.</summary>
public sealed class V1Server : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("serving-v1-");
    private RunningServer _server = null!;

    public HttpClient Http => _server.Http;

    public async Task InitializeAsync()
    {
        foreach (var type in ElementTypes.AllNames)
        {
            Save($"same-{type}", new OnnxGraphBuilder().Input("x", type, "n", "m", 2).Output("y", type, "n", "m", 2).Node("Identity", ["x"], ["y"]));
        }

        Save("pair", new OnnxGraphBuilder()
            .Input("a", "FP32", "n", 2).Input("b", "INT64", "n").Output("sum", "FP32", "n", 2).Output("b_out", "INT64", "n")
            .Node("Add", ["a", "a"], ["sum"]).Node("Identity", ["b"], ["b_out"]));
        Save("classifier", new OnnxGraphBuilder()
            .Input("x", "FP32", "n", 2).Output("p", "FP32", "n", 2).Node("Softmax", ["x"], ["p"], ("axis", 1)));
        Save("regressor", new OnnxGraphBuilder()
            .Input("x", "FP32", "n", 2).Output("v", "FP32", "n", 1).Weight("w", [2, 1], 1f, 10f).Node("MatMul", ["x", "w"], ["v"]));
        Save("texts", new OnnxGraphBuilder().Input("t", "BYTES", "n").Output("t_bytes", "BYTES", "n").Node("Identity", ["t"], ["t_bytes"]));
        _server = await RunningServer.StartAsync(options =>
        {
            options.Repository.Add(_folder.FullName);
            options.SettleTime = TimeSpan.Zero;
        });
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private void Save(string name, OnnxGraphBuilder graph) => graph.Save(Path.Combine(_folder.FullName, name, "1", "model.onnx"));
}
