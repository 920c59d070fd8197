using System.Net;
using System.Text.Json;
using Serving.Runtime.Inference;
using Serving.Runtime.Models;
using Serving.Runtime.Tensors;
using Serving.Server.Tests.Rest.V2;

namespace Serving.Server.Tests.Rest.V1;

/// <summary>What V1 says of models, over a real connection.</summary>
public sealed class ModelEndpointsTests : IAsyncLifetime
{
    private const string Model = "/v1/models/" + FakeEngine.QuotedModel;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);

    private readonly FakeEngine _engine = new();
    private RestHost _host = null!;

    public async Task InitializeAsync() => _host = await _engine.StartAsync();

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Root_Always_IsAlive() => Assert.Equal("""{"status":"alive"}""", await TextAsync("/"));

    [Fact]
    public async Task List_IsThatOfOpenAiAndOfKServe()
    {
        using var json = JsonDocument.Parse(await TextAsync("/v1/models"));
        Assert.Equal(["object", "data", "models"], json.RootElement.EnumerateObject().Select(p => p.Name));
        Assert.Equal("list", json.RootElement.GetProperty("object").GetString());
        var entry = Assert.Single(json.RootElement.GetProperty("data").EnumerateArray());
        Assert.Equal("m x/y model serving", $"{entry.GetProperty("id")} {entry.GetProperty("object")} {entry.GetProperty("owned_by")}");
        Assert.True(entry.GetProperty("created").GetInt64() > 1_700_000_000);
        Assert.Equal("""["m x/y"]""", json.RootElement.GetProperty("models").GetRawText());
    }

    [Fact]
    public async Task ListOfV2_IsThatOfKServe() => Assert.Equal("""{"models":["m x/y"]}""", await TextAsync("/v2/models"));

    [Fact]
    public async Task Model_IsThatOfAllThree()
    {
        using var json = JsonDocument.Parse(await TextAsync(Model));
        Assert.Equal(
            ["id", "object", "created", "owned_by", "name", "ready", "model_version_status"], json.RootElement.EnumerateObject().Select(p => p.Name));
        Assert.Equal("m x/y model", $"{json.RootElement.GetProperty("id")} {json.RootElement.GetProperty("object")}");
        Assert.True(json.RootElement.GetProperty("ready").GetBoolean());
        Assert.Equal(
            """[{"version":"1","state":"AVAILABLE","status":{"error_code":"OK","error_message":""}}]""",
            json.RootElement.GetProperty("model_version_status").GetRawText());
    }

    [Theory]
    [InlineData("/versions/1")]
    [InlineData("/labels/stable")]
    public async Task Version_IsThatOfTensorFlowServing(string version) => Assert.Equal(
        """{"model_version_status":[{"version":"1","state":"AVAILABLE","status":{"error_code":"OK","error_message":""}}]}""", await TextAsync(Model + version));

    [Theory]
    [InlineData(ModelState.Loading, "LOADING", "OK")]
    [InlineData(ModelState.Unloading, "UNLOADING", "OK")]
    [InlineData(ModelState.Unavailable, "END", "UNAVAILABLE")]
    [InlineData(ModelState.Unknown, "UNKNOWN", "OK")]
    public async Task Version_InAnyState_HasTensorFlowServingsName(ModelState state, string name, string code)
    {
        _engine.State = state;
        Assert.Contains($$"""{"version":"1","state":"{{name}}","status":{"error_code":"{{code}}",""", await TextAsync(Model + "/versions/1"));
    }

    [Fact]
    public async Task Model_ThatIsNotReady_IsUnavailableAndStillDescribed()
    {
        _engine.State = ModelState.Loading;
        _engine.NotReady = InferenceFailure.NotReady("'m' is not at ready state");
        using var response = await _host.Client.GetAsync(Model).WaitAsync(Timeout);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync().WaitAsync(Timeout));
        Assert.False(json.RootElement.GetProperty("ready").GetBoolean());
        Assert.Equal("'m' is not at ready state", json.RootElement.GetProperty("error").GetString());
        Assert.Equal("LOADING", json.RootElement.GetProperty("model_version_status")[0].GetProperty("state").GetString());
    }

    [Theory]
    [InlineData("/v1/models/other", "Request for unknown model: 'other' is not found")]
    [InlineData("/v1/models/other/versions/1", "Request for unknown model: 'other' is not found")]
    [InlineData("/v1/models/other/metadata", "Request for unknown model: 'other' is not found")]
    [InlineData(Model + "/versions/7", "no version 7")]
    [InlineData(Model + "/labels/canary", "no version canary")]
    [InlineData(Model + "/labels/canary/metadata", "no version canary")]
    public async Task UnknownModelOrVersion_IsNotFoundWithAText(string path, string expected)
    {
        using var response = await _host.Client.GetAsync(path).WaitAsync(Timeout);
        Assert.Equal(expected, await HttpAssert.ErrorAsync(HttpStatusCode.NotFound, response));
    }

    [Theory]
    [InlineData("/metadata", "\"version\":\"1\"")]
    [InlineData("/versions/1/metadata", "\"version\":\"1\"")]
    [InlineData("/labels/stable/metadata", "\"version_label\":\"stable\"")]
    public async Task Metadata_IsASignature(string path, string version)
    {
        _engine.Metadata = _engine.Metadata with
        {
            Outputs = [Sample.Tensor("y", ElementType.Bytes), Sample.Tensor("z", ElementType.Float16) with { HasRank = false }],
        };
        Assert.Equal(
            $$$$"""{"model_spec":{"name":"m x/y","signature_name":"",{{{{version}}}}},"metadata":{"signature_def":{"signature_def":{"serving_default":{"inputs":"""
            + """{"x":{"dtype":"DT_FLOAT","tensor_shape":{"dim":[{"size":"-1","name":"n"},{"size":"2","name":""}],"unknown_rank":false},"name":"x"}},"outputs":"""
            + """{"y":{"dtype":"DT_STRING","tensor_shape":{"dim":[],"unknown_rank":false},"name":"y"},"z":"""
            + """{"dtype":"DT_HALF","tensor_shape":{"dim":[],"unknown_rank":true},"name":"z"}},"method_name":"tensorflow/serving/predict"}}}}}""",
            await TextAsync(Model + path));
    }

    [Fact]
    public async Task Metadata_EveryType_HasTensorFlowsName()
    {
        var types = Enum.GetValues<ElementType>();
        _engine.Metadata = _engine.Metadata with { Inputs = [.. types.Select(type => Sample.Tensor(type.Name(), type, -1))] };
        using var json = JsonDocument.Parse(await TextAsync(Model + "/metadata"));
        var inputs = json.RootElement.GetProperty("metadata").GetProperty("signature_def").GetProperty("signature_def").GetProperty("serving_default").GetProperty("inputs");
        Assert.Equal(
            "DT_BOOL DT_UINT8 DT_UINT16 DT_UINT32 DT_UINT64 DT_INT8 DT_INT16 DT_INT32 DT_INT64 DT_HALF DT_BFLOAT16 DT_FLOAT DT_DOUBLE DT_STRING",
            string.Join(' ', types.Select(type => inputs.GetProperty(type.Name()).GetProperty("dtype").GetString())));
    }

    private async Task<string> TextAsync(string path)
    {
        using var response = await _host.Client.GetAsync(path).WaitAsync(Timeout);
        var text = await response.Content.ReadAsStringAsync().WaitAsync(Timeout);
        Assert.True(response.IsSuccessStatusCode, text);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.ToString());
        return text;
    }
}
