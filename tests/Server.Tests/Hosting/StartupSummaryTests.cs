using Microsoft.Extensions.DependencyInjection;
using Serving.Runtime.Models;
using Serving.Runtime.Tensors;
using Serving.Server.Hosting;
using Serving.Server.Tests.Hosting.Tls;
using Serving.TestKit;
using Serving.TestKit.Servers;

namespace Serving.Server.Tests.Hosting;

public sealed class StartupSummaryTests
{
    [Fact]
    public async Task Write_Models_TellsWhereWhatAndHowToTry()
    {
        var index = new List<ModelStatus> { new("iris", "1", ModelState.Ready, "") };
        index.AddRange(Enumerable.Range(0, 12).Select(i => new ModelStatus($"bad{i}", "1", ModelState.Unavailable, $"reason {i}")));
        await using var server = await StartAsync(index, _ => { });

        var lines = server.Output.Split(Environment.NewLine);
        Assert.Contains($"  REST     {server.HttpAddress.Scheme}://{server.HttpAddress.Authority}", lines);
        Assert.Contains($"  gRPC     {server.GrpcAddress.Authority}", lines);
        Assert.Contains($"  metrics  {server.MetricsAddress}metrics", lines);
        Assert.Contains("  models   1 ready, 12 failed", lines);
        Assert.Contains("           bad0 version 1: reason 0", lines);
        Assert.Contains("           bad9 version 1: reason 9", lines);
        Assert.DoesNotContain("           bad10 version 1: reason 10", lines);
        Assert.Contains("           and 2 more", lines);
        Assert.Contains(
            $$"""  try      curl {{server.HttpAddress}}v2/models/iris/infer -d '{"inputs":[{"name":"x","datatype":"FP32","shape":[1,2],"data":[0,0]}]}'""", lines);
    }

    [Fact]
    public async Task Write_RealModels_PrintsALineThatWorks()
    {
        await using var server = await RunningServer.StartAsync(Zoo.Root);
        var line = server.Output.Split(Environment.NewLine).Single(line => line.StartsWith("  try ", StringComparison.Ordinal));
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var body = line.Split('\'');

        using var answer = body.Length > 1
            ? await server.Http.PostAsync(words[2], new StringContent(body[1])).WaitAsync(TimeSpan.FromSeconds(30))
            : await server.Http.GetAsync(words[2]).WaitAsync(TimeSpan.FromSeconds(30));

        Assert.True(answer.IsSuccessStatusCode, line + await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Write_NoRepository_SaysHowToGiveOne()
    {
        await using var server = await StartAsync([], _ => { });

        Assert.Contains("no repository: start with --repository DIR", server.Output, StringComparison.Ordinal);
        Assert.Contains($"curl {server.HttpAddress}v2{Environment.NewLine}", server.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, "curl --insecure ")]
    [InlineData(true, "curl --insecure --cert CLIENT.pem --key CLIENT.key ")]
    public async Task Write_Tls_TellsWhatAClientNeeds(bool mutual, string curl)
    {
        using var folder = new CertificateFolder();
        folder.Issue("server");
        await using var server = await StartAsync([], options =>
        {
            folder.Secure(options);
            options.TlsClientCa = mutual ? folder.Ca : null;
        });

        var lines = server.Output.Split(Environment.NewLine);
        Assert.Contains($"  REST     https://{server.HttpAddress.Authority}", lines);
        Assert.Contains($"  gRPC     {server.GrpcAddress.Authority} (TLS)", lines);
        Assert.Contains($"  metrics  http://{server.MetricsAddress.Authority}/metrics", lines);
        Assert.Contains($"  try      {curl}https://{server.HttpAddress.Authority}/v2", lines);
    }

    [Fact]
    public async Task Write_JsonLogs_KeepsStandardOutputForThem()
    {
        await using var server = await StartAsync([], options => options.LogFormat = LogFormat.Json);

        Assert.Empty(server.Output);
        Assert.Single(server.Logs.Entries, entry => entry.Id.Id == 1003 && entry.Message.Contains(server.GrpcAddress.Authority, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(-1, 4, true)]
    [InlineData(1, 32, true)]
    [InlineData(1, 33, false)]
    [InlineData(-1, -1, false)]
    [InlineData(1, 0, false)]
    public void TryLine_Shape_IsInferredOnlyWhereZerosSurelyFit(long first, long second, bool infers)
    {
        var line = Try("m", new TensorSignature("x", ElementType.Int64, new TensorShape(first, second), ["", ""]));

        Assert.Equal(infers, line.Contains("/infer", StringComparison.Ordinal));
        Assert.StartsWith("curl http://127.0.0.1:8000/v2/models/m", line, StringComparison.Ordinal);
    }

    [Fact]
    public void TryLine_OddNames_AreEscaped()
    {
        var line = Try("a b", new TensorSignature("say \"x\"", ElementType.Bool, new TensorShape(2), [""]));

        Assert.Equal(
            """curl http://127.0.0.1:8000/v2/models/a%20b/infer -d '{"inputs":[{"name":"say \u0022x\u0022","datatype":"BOOL","shape":[2],"data":[false,false]}]}'""", line);
    }

    [Theory]
    [InlineData("it's", ElementType.Float32)]
    [InlineData("x", ElementType.Bytes)]
    public void TryLine_InputThatDoesNotFitTheLine_IsOnlyDescribed(string name, ElementType type) =>
        Assert.Equal("curl http://127.0.0.1:8000/v2/models/m", Try("m", new TensorSignature(name, type, new TensorShape(1), [""])));

    private static string Try(string model, TensorSignature input) => TryLine.For(
        "curl", new Uri("http://127.0.0.1:8000/"), [new ModelStatus(model, "1", ModelState.Ready, "")], _ => new ModelMetadata(model, ["1"], "onnxruntime_onnx", [input], []));

    private static Task<RunningServer> StartAsync(IReadOnlyList<ModelStatus> index, Action<ServingOptions> configure)
    {
        var input = new TensorSignature("x", ElementType.Float32, new TensorShape(-1, 2), ["", ""]);
        var engine = new EngineLife(_ => Task.CompletedTask, () => index, name => new ModelMetadata(name, ["1"], "onnxruntime_onnx", [input], []));
        return RunningServer.StartAsync(configure, services: services => services.AddSingleton(engine));
    }
}
