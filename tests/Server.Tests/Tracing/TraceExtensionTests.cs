using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Serving.Contracts.Inference;
using Serving.Server.Hosting;
using Serving.Server.Tests.Grpc;
using Serving.TestKit.Graphs;
using Serving.TestKit.Servers;

namespace Serving.Server.Tests.Tracing;

/// <summary>The trace extension on a running server: what it answers, and the files.</summary>
public sealed class TraceExtensionTests : IDisposable
{
    private const string Server = "/v2/trace/setting";
    private const string Model = "/v2/models/echo/trace/setting";
    private const string Rpc = "/inference.GRPCInferenceService/TraceSetting";
    private const string Default = """{"trace_level":["OFF"],"trace_rate":"1000","trace_count":"-1","log_frequency":"0","trace_file":"trace.json","trace_mode":"triton"}""";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly DirectoryInfo _repository = Directory.CreateTempSubdirectory("serving-traced-");
    private readonly DirectoryInfo _traces = Directory.CreateTempSubdirectory("serving-traces-");

    public void Dispose()
    {
        _repository.Delete(recursive: true);
        _traces.Delete(recursive: true);
    }

    [Fact]
    public async Task Rest_ServerAndModel_AreReadAndChanged()
    {
        await using var server = await StartAsync();

        Assert.Equal(Default, await server.Http.GetStringAsync(Server).WaitAsync(Patience));
        Assert.Equal(
            Default.Replace("OFF", "TIMESTAMPS", StringComparison.Ordinal).Replace("1000", "2", StringComparison.Ordinal),
            await PostAsync(server, Server, """{"trace_level":["TIMESTAMPS"],"trace_rate":2}""", HttpStatusCode.OK));
        Assert.Contains("\"trace_rate\":\"3\"", await PostAsync(server, Model, """{"trace_rate":"3"}""", HttpStatusCode.OK), StringComparison.Ordinal);
        Assert.Contains("\"trace_rate\":\"2\"", await PostAsync(server, Model, """{"trace_rate":null}""", HttpStatusCode.OK), StringComparison.Ordinal);
        Assert.Equal(Default, await PostAsync(server, Server, """{"trace_level":null,"trace_rate":null}""", HttpStatusCode.OK));
    }

    [Fact]
    public async Task Rest_Wrong_IsRefusedAndChangesNothing()
    {
        await using var server = await StartAsync();

        Assert.Contains("is not found", await PostAsync(server, "/v2/models/nobody/trace/setting", "{}", HttpStatusCode.NotFound), StringComparison.Ordinal);
        Assert.Contains("got: x", await PostAsync(server, Server, """{"trace_level":["TIMESTAMPS"],"trace_rate":"x"}""", HttpStatusCode.BadRequest), StringComparison.Ordinal);
        Assert.Contains("without folders", await PostAsync(server, Server, """{"trace_file":"../x"}""", HttpStatusCode.BadRequest), StringComparison.Ordinal);
        using var read = await server.Http.GetAsync("/v2/models/nobody/trace/setting").WaitAsync(Patience);
        Assert.Equal(HttpStatusCode.NotFound, read.StatusCode);

        Assert.Equal(Default, await server.Http.GetStringAsync(Server).WaitAsync(Patience));
    }

    [Fact]
    public async Task Grpc_ServerAndModel_AreReadAndChanged()
    {
        await using var server = await StartAsync();
        using var client = new GrpcTestClient(server.GrpcAddress);
        var change = new TraceSettingRequest { ModelName = "echo" };
        change.Settings["trace_level"] = new() { Value = { "TIMESTAMPS" } };
        change.Settings["trace_file"] = new() { Value = { "mine" } };
        var clear = new TraceSettingRequest { ModelName = "echo" };
        clear.Settings["trace_file"] = new();

        var before = await client.CallAsync<TraceSettingResponse>(Rpc, new TraceSettingRequest());
        var changed = await client.CallAsync<TraceSettingResponse>(Rpc, change);
        var cleared = await client.CallAsync<TraceSettingResponse>(Rpc, clear);

        Assert.Equal("OFF 1000 -1 0 trace.json triton", Text(before));
        Assert.Equal("TIMESTAMPS 1000 -1 0 mine triton", Text(changed));
        Assert.Equal("TIMESTAMPS 1000 -1 0 trace.json triton", Text(cleared));
        Assert.Equal(5, (await client.CallAsync(Rpc, new TraceSettingRequest { ModelName = "nobody" })).Status);
    }

    [Fact]
    public async Task Change_FromElsewhere_NeedsTheKeyAndReadingDoesNot()
    {
        await using var host = await GrpcHost.StartAsync(options => options.ManagementKey = "open");
        host.RemoteAddress = IPAddress.Parse("192.0.2.1");
        var change = new TraceSettingRequest();
        change.Settings["trace_rate"] = new() { Value = { "2" } };

        Assert.Equal(0, (await host.Client.CallAsync(Rpc, new TraceSettingRequest())).Status);
        Assert.Equal(7, (await host.Client.CallAsync(Rpc, change)).Status);
        Assert.Equal(0, (await host.Client.CallAsync(Rpc, change, ("authorization", "Bearer open"))).Status);
    }

    [Fact]
    public async Task Requests_OfEveryProtocol_AreTracedAtTheirRate()
    {
        await using (var server = await StartAsync())
        {
            await PostAsync(server, Server, """{"trace_level":["TIMESTAMPS"],"trace_rate":"2"}""", HttpStatusCode.OK);
            await PostAsync(server, "/v2/models/echo/infer", """{"id":"1","inputs":[{"name":"x","datatype":"FP32","shape":[1,2],"data":[1,2]}]}""", HttpStatusCode.OK);
            await PostAsync(server, "/v2/models/echo/generate", """{"id":"2","x":[1,2]}""", HttpStatusCode.OK);
            using var client = new GrpcTestClient(server.GrpcAddress);
            await client.CallAsync<ModelInferResponse>("/inference.GRPCInferenceService/ModelInfer", Request("3"));
            using var call = new StreamedCall(client);
            call.Send(Request("4"));
            call.Complete();
            Assert.Single(await call.ReadAllAsync());
        }

        var traces = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(_traces.FullName, "trace.json")).WaitAsync(Patience))!.AsArray();
        Assert.Equal(["2", "4"], traces.Select(entry => (string?)entry!["request_id"]).OfType<string>());
        Assert.All(traces.Where(entry => entry!["timestamps"] is not null), entry =>
        {
            var times = entry!["timestamps"]!.AsArray().Select(time => (long)time!["ns"]!).ToList();
            Assert.Equal(7, times.Count);
            Assert.Equal(times.Order(), times);
        });
    }

    [Fact]
    public void TraceDirectory_Missing_StopsTheStart()
    {
        var options = new ServingOptions { TraceDirectory = Path.Combine(_traces.FullName, "no") };

        Assert.Contains("--trace-directory", Assert.Single(Serving.Server.Hosting.Settings.ServingOptionsValidator.Validate(options)), StringComparison.Ordinal);
    }

    private static string Text(TraceSettingResponse response) => string.Join(
        ' ', ((string[])["trace_level", "trace_rate", "trace_count", "log_frequency", "trace_file", "trace_mode"]).Select(name => Assert.Single(response.Settings[name].Value)));

    private static ModelInferRequest Request(string id) => new()
    {
        ModelName = "echo",
        Id = id,
        Inputs = { new ModelInferRequest.Types.InferInputTensor { Name = "x", Datatype = "FP32", Shape = { 1, 2 } } },
        RawInputContents = { Google.Protobuf.ByteString.CopyFrom(new byte[8]) },
    };

    private static async Task<string> PostAsync(RunningServer server, string path, string body, HttpStatusCode status)
    {
        using var response = await server.Http.PostAsync(path, new StringContent(body, Encoding.UTF8)).WaitAsync(Patience);
        var text = await response.Content.ReadAsStringAsync().WaitAsync(Patience);
        Assert.True(response.StatusCode == status, text);
        return text;
    }

    private Task<RunningServer> StartAsync()
    {
        new OnnxGraphBuilder().Input("x", "FP32", "rows", "columns").Output("y", "FP32", "rows", "columns").Node("Identity", ["x"], ["y"])
            .Save(Path.Combine(_repository.FullName, "echo", "1", "model.onnx"));
        return RunningServer.StartAsync(options =>
        {
            options.Repository.Add(_repository.FullName);
            options.SettleTime = TimeSpan.Zero;
            options.TraceDirectory = _traces.FullName;
        });
    }
}
