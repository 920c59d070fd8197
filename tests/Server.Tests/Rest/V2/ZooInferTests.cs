using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Serving.TestKit;

namespace Serving.Server.Tests.Rest.V2;

/// <summary>End to end with real models: both forms answer as the reference, errors are the engine's, models come and go.</summary>
public sealed class ZooInferTests(ZooServer server) : IClassFixture<ZooServer>
{
    private const string JsonLength = "Inference-Header-Content-Length";

    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(1);

    public static TheoryData<string> Models => [.. ZooServer.Models];

    [Theory]
    [MemberData(nameof(Models))]
    public async Task Infer_JsonAndBinaryTogether_AnswerAsReference(string model)
    {
        // All at once, so that requests of both forms share batches.
        var answers = await Task.WhenAll(Zoo.Cases(model).SelectMany(c => (Task<List<string>>[])[AsJsonAsync(model, c), AsBinaryAsync(model, c)]))
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
        using var response = await PostAsync(model, Encoding.UTF8.GetBytes(Json(zooCase, Data, outputs)));
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
        var body = Encoding.UTF8.GetBytes(Json(Zoo.Cases(model)[0], Data, ""","outputs":[{"name":"nothing"}]"""));
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
        var body = Encoding.UTF8.GetBytes(Json(Zoo.Cases(model)[0], Data, ""));
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

    private async Task<List<string>> AsJsonAsync(string model, ZooCase zooCase)
    {
        using var response = await PostAsync(model, Encoding.UTF8.GetBytes(Json(zooCase, Data, "")));
        var text = await response.Content.ReadAsStringAsync().WaitAsync(Timeout);
        Assert.True(response.IsSuccessStatusCode, text);
        using var json = JsonDocument.Parse(text);
        return Differences(model, zooCase, json.RootElement, output => [.. output.GetProperty("data").EnumerateArray().Select(e => e.GetDouble())]);
    }

    private async Task<List<string>> AsBinaryAsync(string model, ZooCase zooCase)
    {
        var json = Encoding.UTF8.GetBytes(Json(
            zooCase, tensor => $"\"parameters\":{{\"binary_data_size\":{tensor.Data.Length}}}", ""","parameters":{"binary_data_output":true}"""));
        byte[] body = [.. json, .. zooCase.Inputs.Values.SelectMany(i => i.Data)];
        using var response = await PostAsync(model, body, json.Length);
        var bytes = await response.Content.ReadAsByteArrayAsync().WaitAsync(Timeout);
        Assert.True(response.IsSuccessStatusCode, Encoding.UTF8.GetString(bytes));
        var position = int.Parse(response.Headers.GetValues(JsonLength).Single(), CultureInfo.InvariantCulture);
        using var header = JsonDocument.Parse(bytes.AsMemory(0, position));
        var differences = Differences(model, zooCase, header.RootElement, output =>
        {
            var size = output.GetProperty("parameters").GetProperty("binary_data_size").GetInt32();
            position += size;
            return new NpyArray(output.GetProperty("datatype").GetString()!, [], bytes[(position - size)..position]).ToDoubles();
        });
        Assert.Equal(bytes.Length, position);
        return differences;
    }

    private static List<string> Differences(string model, ZooCase zooCase, JsonElement response, Func<JsonElement, double[]> read)
    {
        var differences = new List<string>();
        var seen = 0;
        foreach (var output in response.GetProperty("outputs").EnumerateArray())
        {
            var values = read(output);
            var name = output.GetProperty("name").GetString()!;
            if (zooCase.Outputs.ContainsKey(name))
            {
                seen++;
                long[] shape = [.. output.GetProperty("shape").EnumerateArray().Select(d => d.GetInt64())];
                differences.AddRange(zooCase.Difference(name, shape, values) is { } difference ? [$"{model}, {difference}"] : []);
            }
        }

        Assert.Equal(zooCase.Outputs.Count, seen);
        return differences;
    }

    private static string Json(ZooCase zooCase, Func<NpyArray, string> data, string rest)
    {
        var inputs = zooCase.Inputs.Select(i =>
            $"{{\"name\":\"{i.Key}\",\"shape\":[{string.Join(',', i.Value.Shape)}],\"datatype\":\"{i.Value.Datatype}\",{data(i.Value)}}}");
        return $"{{\"inputs\":[{string.Join(',', inputs)}]{rest}}}";
    }

    private static string Data(NpyArray tensor) =>
        $"\"data\":[{string.Join(',', tensor.ToDoubles().Select(v => v.ToString("R", CultureInfo.InvariantCulture)))}]";

    private async Task<HttpResponseMessage> PostAsync(string model, byte[] body, int? jsonLength = null)
    {
        using var content = new ByteArrayContent(body);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v2/models/{model}/infer") { Content = content };
        if (jsonLength is { } length)
        {
            request.Headers.Add(JsonLength, length.ToString(CultureInfo.InvariantCulture));
        }

        return await server.Client.SendAsync(request).WaitAsync(Timeout);
    }
}
