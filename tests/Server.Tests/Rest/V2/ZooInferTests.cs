using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Serving.Server.Tests.EndToEnd;
using Serving.TestKit;

namespace Serving.Server.Tests.Rest.V2;

/// <summary>End to end with real models: both forms answer as the reference, errors are the engine's, models come and go.</summary>
public sealed class ZooInferTests(ZooServer server) : IClassFixture<ZooServer>
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(1);

    private readonly ZooRestCalls _calls = new(server.Client);

    public static TheoryData<string> Models => [.. ZooServer.Models];

    [Theory]
    [MemberData(nameof(Models))]
    public async Task Infer_JsonAndBinaryTogether_AnswerAsReference(string model)
    {
        // All at once, so that requests of both forms share batches.
        var answers = await Task.WhenAll(Zoo.Cases(model).SelectMany(c => (Task<IReadOnlyList<string>>[])[_calls.AsJsonAsync(model, c), _calls.AsBinaryAsync(model, c)]))
            .WaitAsync(Timeout);
        Assert.NotEmpty(answers);
        Assert.Empty(answers.SelectMany(differences => differences));
    }

    [Fact]
    public async Task Infer_OneOutputAsked_IsTheOnlyOne()
    {
        var model = ZooServer.Models[0];
        var zooCase = Zoo.Cases(model)[0];
        var output = zooCase.Outputs.Keys.Last();
        var outputs = $$""","outputs":[{"name":"{{output}}"}]""";
        using var response = await PostAsync(model, Encoding.UTF8.GetBytes(ZooRestCalls.Json(zooCase, outputs)));
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync().WaitAsync(Timeout));
        Assert.Equal([output], json.RootElement.GetProperty("outputs").EnumerateArray().Select(o => o.GetProperty("name").GetString()));
    }

    [Theory]
    [InlineData("""{"inputs":[]}""")]
    [InlineData("""{"inputs":[{"name":"nothing","shape":[1],"datatype":"FP32","data":[1]}]}""")]
    [InlineData("""{"inputs":[{"name":"points","shape":[1],"datatype":"FP32","data":[1]}]}""")]
    [InlineData("""{"inputs":[{"name":"points","shape":[1],"datatype":"INT8","data":[1]}]}""")]
    public async Task Infer_RequestThatDoesNotFitTheModel_IsABadRequest(string body)
    {
        using var response = await PostAsync("point-cloud-transformer", Encoding.UTF8.GetBytes(body));
        Assert.NotEmpty(await HttpAssert.ErrorAsync(HttpStatusCode.BadRequest, response));
    }

    [Fact]
    public async Task Infer_UnknownOutputOrModel_IsAnError()
    {
        var model = ZooServer.Models[0];
        var body = Encoding.UTF8.GetBytes(ZooRestCalls.Json(Zoo.Cases(model)[0], ""","outputs":[{"name":"nothing"}]"""));
        using var output = await PostAsync(model, body);
        Assert.Contains("nothing", await HttpAssert.ErrorAsync(HttpStatusCode.BadRequest, output));
        using var unknown = await PostAsync("unknown", body);
        Assert.Contains("unknown", await HttpAssert.ErrorAsync(HttpStatusCode.NotFound, unknown));
    }

    [Fact]
    public async Task Model_MetadataAndStatus_AreThoseOfTheGraph()
    {
        var model = ZooServer.Models[0];
        using var metadata = JsonDocument.Parse(await server.Client.GetStringAsync($"/v2/models/{model}").WaitAsync(Timeout));
        Assert.Equal(
            Zoo.Cases(model)[0].Inputs.Keys.Order(),
            metadata.RootElement.GetProperty("inputs").EnumerateArray().Select(i => i.GetProperty("name").GetString()!).Order());
        using var status = JsonDocument.Parse(await server.Client.GetStringAsync($"/v2/models/{model}/versions/1/status").WaitAsync(Timeout));
        Assert.Equal("READY", status.RootElement[0].GetProperty("state").GetString());
        Assert.NotEmpty(status.RootElement[0].GetProperty("batching").GetProperty("evidence").GetString()!);
        using var ready = await server.Client.GetAsync("/v2/health/ready").WaitAsync(Timeout);
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
    }

    [Fact]
    public async Task Repository_UnloadAndLoad_TakeTheModelOutAndIn()
    {
        var model = ZooServer.Models[2];
        var body = Encoding.UTF8.GetBytes(ZooRestCalls.Json(Zoo.Cases(model)[0], ""));
        foreach (var (call, status, ready) in ((string, HttpStatusCode, bool)[])[("unload", HttpStatusCode.ServiceUnavailable, false), ("load", HttpStatusCode.OK, true)])
        {
            using var control = await server.Client.PostAsync($"/v2/repository/models/{model}/{call}", null).WaitAsync(Timeout);
            Assert.Equal(HttpStatusCode.OK, control.StatusCode);
            using var infer = await PostAsync(model, body);
            Assert.Equal(status, infer.StatusCode);
            using var index = await server.Client.PostAsJsonAsync("/v2/repository/index", new { ready = true }).WaitAsync(Timeout);
            using var json = JsonDocument.Parse(await index.Content.ReadAsStringAsync().WaitAsync(Timeout));
            Assert.Equal(ready, json.RootElement.EnumerateArray().Any(entry => entry.GetProperty("name").GetString() == model));
        }
    }

    private Task<HttpResponseMessage> PostAsync(string model, byte[] body) => _calls.PostAsync(model, body);
}
