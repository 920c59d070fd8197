using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Serving.Contracts.Inference;
using Serving.Server.Tests.Grpc;
using Serving.Server.Tests.Rest;
using Serving.TestKit.Graphs;
using Serving.TestKit.Servers;

namespace Serving.Server.Tests.EndToEnd;

/// <summary>Configuration, statistics and loads with overrides through the real server, over both protocols.</summary>
public sealed class ModelManagementTests : IAsyncLifetime
{
    private const string Service = "/inference.GRPCInferenceService/";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly DirectoryInfo _repository = Directory.CreateTempSubdirectory("serving-management-");
    private RunningServer _server = null!;
    private GrpcTestClient _grpc = null!;

    public async Task InitializeAsync()
    {
        Plus(1).Save(In("bare.onnx"));
        new OnnxGraphBuilder().Input("x", "FP32", 2, "batch", 3).Output("y", "FP32", 2, "batch", 3).Node("Mul", ["x", "x"], ["y"]).Save(In("inner/1/model.onnx"));
        Plus(2).Save(In("written/4/model.onnx"));
        await File.WriteAllTextAsync(In("written/labels.txt"), "one\ntwo\n");
        await File.WriteAllTextAsync(
            In("written/config.pbtxt"),
            """
            name: "written"
            max_batch_size: 4
            version_policy { specific { versions: [4] } }
            input { name: "x" data_type: TYPE_FP32 dims: [ 2 ] }
            output { name: "y" data_type: TYPE_FP32 dims: [ 2 ] label_filename: "labels.txt" }
            instance_group { kind: KIND_CPU }
            model_warmup { name: "w" batch_size: 2 inputs { key: "x" value { data_type: TYPE_FP32 dims: 2 zero_data: true } } }
            """);
        _server = await RunningServer.StartAsync(_repository.FullName);
        _grpc = new GrpcTestClient(_server.GrpcAddress);
    }

    public async Task DisposeAsync()
    {
        _grpc.Dispose();
        await _server.DisposeAsync();
        _repository.Delete(recursive: true);
    }

    [Theory]
    [InlineData("bare", 32, "[2]", "[2]", true, "")]
    [InlineData("inner", 0, "[2,-1,3]", "[2,-1,3]", false, "")]
    [InlineData("written", 4, "[2]", "[2]", true, "labels.txt")]
    public async Task Config_OfEachKindOfModel_IsWhatIsServedAndMakesItAgain(
        string model, int maxBatchSize, string inputDims, string outputDims, bool isBatched, string labels)
    {
        var before = await GetAsync($"/v2/models/{model}/config");

        Assert.Equal(maxBatchSize, (int)before["max_batch_size"]!);
        Assert.Equal(inputDims, before["input"]![0]!["dims"]!.ToJsonString());
        Assert.Equal(outputDims, before["output"]![0]!["dims"]!.ToJsonString());
        Assert.Equal(labels, (string)before["output"]![0]!["label_filename"]!);
        Assert.Equal(isBatched, before["dynamic_batching"] is not null);
        Assert.Equal("KIND_CPU", (string)before["instance_group"]![0]!["kind"]!);

        await LoadAsync(model, new JsonObject { ["config"] = before.ToJsonString() }, HttpStatusCode.OK);

        Assert.True(JsonNode.DeepEquals(before, await GetAsync($"/v2/models/{model}/config")));
        var status = await GetAsync($"/v2/models/{model}/status");
        Assert.Equal("[]", status[0]!["warnings"]!.ToJsonString());
        var message = await _grpc.CallAsync<ModelConfigResponse>(Service + "ModelConfig", new ModelConfigRequest { Name = model });
        Assert.Equal(message.Config, JsonParser.Default.Parse<ModelConfig>(before.ToJsonString()));
    }

    [Fact]
    public async Task Statistics_OfRequestsOverBothProtocols_AreTheSameOverBoth()
    {
        for (var rows = 1; rows <= 3; rows++)
        {
            await InferAsync("bare", rows);
            var request = new ModelInferRequest { ModelName = "bare", Inputs = { new ModelInferRequest.Types.InferInputTensor { Name = "x", Datatype = "FP32", Shape = { rows, 2 } } } };
            request.RawInputContents.Add(ByteString.CopyFrom(new byte[rows * 8]));
            await _grpc.CallAsync<ModelInferResponse>(Service + "ModelInfer", request);
        }

        using var refused = await _server.Http.PostAsJsonAsync("/v2/models/bare/infer", new { inputs = Array.Empty<int>() }).WaitAsync(Patience);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);

        var rest = await GetAsync("/v2/models/bare/versions/1/stats");
        var one = Assert.Single(rest["model_stats"]!.AsArray())!;
        Assert.Equal((12, 6), ((int)one["inference_count"]!, (int)one["execution_count"]!));
        Assert.Equal((6, 1), (Count(one, "success"), Count(one, "fail")));
        Assert.All(["queue", "compute_input", "compute_infer", "compute_output"], stage => Assert.Equal(6, Count(one, stage)));
        var message = await _grpc.CallAsync<ModelStatisticsResponse>(Service + "ModelStatistics", new ModelStatisticsRequest { Name = "bare" });
        Assert.Equal(message, JsonParser.Default.Parse<ModelStatisticsResponse>(rest.ToJsonString()));
        Assert.Equal(["bare", "inner", "written"], (await GetAsync("/v2/models/stats"))["model_stats"]!.AsArray().Select(m => (string)m!["name"]!));

        static int Count(JsonNode model, string stage) => (int)model["inference_stats"]![stage]!["count"]!;
    }

    [Fact]
    public async Task Load_FilesOverRest_AreServedUntilUnloaded()
    {
        var parameters = new JsonObject { ["config"] = "{}", ["file:3/model.onnx"] = Convert.ToBase64String(Plus(7).ToBytes()) };
        await LoadAsync("uploaded", parameters, HttpStatusCode.OK);
        Assert.Equal("[7,7]", await InferAsync("uploaded/versions/3", 1));

        parameters["file:3/model.onnx"] = Convert.ToBase64String("garbage"u8);
        Assert.Contains("not an ONNX model", await LoadAsync("uploaded", parameters, HttpStatusCode.BadRequest), StringComparison.Ordinal);
        Assert.Equal("[7,7]", await InferAsync("uploaded", 1));

        using var unload = await _server.Http.PostAsJsonAsync("/v2/repository/models/uploaded/unload", new { parameters = new { unload_dependents = true } }).WaitAsync(Patience);
        Assert.Equal(HttpStatusCode.OK, unload.StatusCode);
        using var gone = await _server.Http.GetAsync("/v2/models/uploaded/config").WaitAsync(Patience);
        await HttpAssert.ErrorAsync(HttpStatusCode.NotFound, gone);
    }

    private static OnnxGraphBuilder Plus(float amount) => new OnnxGraphBuilder()
        .Input("x", "FP32", "batch", 2).Output("y", "FP32", "batch", 2).Weight("w", [1], amount).Node("Add", ["x", "w"], ["y"]);

    private string In(string path)
    {
        var full = Path.Combine(_repository.FullName, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        return full;
    }

    private async Task<JsonNode> GetAsync(string path)
    {
        using var response = await _server.Http.GetAsync(path).WaitAsync(Patience);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.ToString());
        return JsonNode.Parse(await response.Content.ReadAsStringAsync().WaitAsync(Patience))!;
    }

    private async Task<string> LoadAsync(string model, JsonObject parameters, HttpStatusCode expected)
    {
        using var response = await _server.Http.PostAsJsonAsync($"/v2/repository/models/{model}/load", new { parameters }).WaitAsync(Patience);
        var body = await response.Content.ReadAsStringAsync().WaitAsync(Patience);
        Assert.True(response.StatusCode == expected, body);
        return body;
    }

    /// <summary>The answer to so many rows of zeros.</summary>
    private async Task<string> InferAsync(string model, int rows)
    {
        using var response = await _server.Http.PostAsJsonAsync(
            $"/v2/models/{model}/infer", new { inputs = new[] { new { name = "x", datatype = "FP32", shape = new[] { rows, 2 }, data = new float[rows * 2] } } }).WaitAsync(Patience);
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync().WaitAsync(Patience));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return json.RootElement.GetProperty("outputs")[0].GetProperty("data").GetRawText();
    }
}
