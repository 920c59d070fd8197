using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Serving.Server.Tests.Rest.V2;

/// <summary>What KServe's Python clients send, and what they read of the answers.</summary>
public sealed class KServeClientTests : IAsyncLifetime
{
    private const string Model = "/v2/models/" + FakeEngine.QuotedModel;
    private const string JsonLength = "Inference-Header-Content-Length";

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);

    private readonly FakeEngine _engine = new();
    private RestHost _host = null!;

    public async Task InitializeAsync() => _host = await _engine.StartAsync();

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Theory]
    [InlineData("/v2/health/live", "live")]
    [InlineData("/v2/health/ready", "ready")]
    [InlineData(Model + "/ready", "ready")]
    [InlineData("/v1/models/" + FakeEngine.QuotedModel, "ready")]
    public async Task Health_HasTheFlagThatTheClientReads(string path, string flag)
    {
        using var json = JsonDocument.Parse(await _host.Client.GetStringAsync(path).WaitAsync(Timeout));
        Assert.True(json.RootElement.GetProperty(flag).GetBoolean());
    }

    [Theory]
    [InlineData("""[{"name":"x"}]""", true)]
    [InlineData("""[{"name":"x","parameters":{}}]""", true)]
    [InlineData("""[{"name":"x","parameters":{"binary_data":false}}]""", false)]
    [InlineData("""[{"name":"x","parameters":{"binary_data":true}}]""", true)]
    public async Task Infer_OutputThatDoesNotSay_FollowsTheRequest(string outputs, bool isBinary)
    {
        var (json, binary) = await InferAsync(
            $$$"""{"id":"1","model_name":"m","inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","parameters":{"binary_data_size":8}}],"outputs":{{{outputs}}},"parameters":{"binary_data_output":true}}""",
            [0, 0, 128, 63, 0, 0, 0, 64]);
        Assert.Equal(isBinary ? 8 : 0, binary.Length);
        Assert.Equal(!isBinary, json.GetProperty("outputs")[0].TryGetProperty("data", out _));
    }

    [Fact]
    public async Task Infer_BrainFloats_ComeBackAsTheyWent()
    {
        var (json, binary) = await InferAsync(
            """{"id":"1","model_name":"m","inputs":[{"name":"x","shape":[1,2],"datatype":"BF16","parameters":{"binary_data_size":4}}],"parameters":{"binary_data_output":true}}""",
            [128, 63, 0, 64]);
        Assert.Equal([128, 63, 0, 64], binary);
        Assert.Equal("BF16", json.GetProperty("outputs")[0].GetProperty("datatype").GetString());
    }

    [Fact]
    public async Task Infer_EmptyTensorBesideABinaryOne_IsTakenWithoutData()
    {
        await InferAsync(
            """{"id":"1","model_name":"m","inputs":[{"name":"x","shape":[0,2],"datatype":"FP32","parameters":{"binary_data_size":0},"data":null},{"name":"y","shape":[1],"datatype":"UINT8","parameters":{"binary_data_size":1}}]}""",
            [7]);
        Assert.Equal(["[0,2]", "[1]"], _engine.LastRequest!.Inputs.Select(input => input.Shape.ToString()));
    }

    private async Task<(JsonElement Json, byte[] Binary)> InferAsync(string json, byte[] binary)
    {
        var text = Encoding.UTF8.GetBytes(json);
        using var content = new ByteArrayContent([.. text, .. binary]) { Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") } };
        using var request = new HttpRequestMessage(HttpMethod.Post, Model + "/infer") { Content = content };
        request.Headers.Add(JsonLength, text.Length.ToString(CultureInfo.InvariantCulture));
        using var response = await _host.Client.SendAsync(request).WaitAsync(Timeout);
        var body = await response.Content.ReadAsByteArrayAsync().WaitAsync(Timeout);
        Assert.True(response.IsSuccessStatusCode, Encoding.UTF8.GetString(body));
        var length = response.Headers.TryGetValues(JsonLength, out var values) ? int.Parse(values.Single(), CultureInfo.InvariantCulture) : body.Length;
        using var document = JsonDocument.Parse(body.AsMemory(0, length));
        return (document.RootElement.Clone(), body[length..]);
    }
}
