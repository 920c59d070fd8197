using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Serving.Runtime.Inference;

namespace Serving.Server.Tests.Rest.V2;

/// <summary>Health, metadata and repository over a real connection.</summary>
public sealed class V2EndpointsTests : IAsyncLifetime
{
    private const string Models = "/v2/models/" + FakeEngine.QuotedModel;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);

    private readonly FakeEngine _engine = new();
    private RestHost _host = null!;

    public async Task InitializeAsync() => _host = await _engine.StartAsync();

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Theory]
    [InlineData("/v2")]
    [InlineData("/v2/")]
    public async Task Server_Metadata_IsNameVersionExtensions(string path)
    {
        using var json = await JsonAsync(path);
        Assert.Equal("serving", json.RootElement.GetProperty("name").GetString());
        Assert.Matches(@"^\d+\.\d+\.\d+$", json.RootElement.GetProperty("version").GetString()!);
        Assert.Contains("binary_tensor_data", json.RootElement.GetProperty("extensions").EnumerateArray().Select(e => e.GetString()));
    }

    [Fact]
    public async Task Server_NamedOtherwise_SaysSo()
    {
        var engine = new FakeEngine();
        engine.Options.ServerName = "triton";
        await using var host = await engine.StartAsync();
        using var json = JsonDocument.Parse(await host.Client.GetStringAsync("/v2").WaitAsync(Timeout));
        Assert.Equal("triton", json.RootElement.GetProperty("name").GetString());
    }

    [Theory]
    [InlineData("/v2/health/live")]
    [InlineData("/v2/health/ready")]
    [InlineData("/livez")]
    [InlineData("/readyz")]
    public async Task Health_OfAReadyServer_IsOk(string path)
    {
        using var json = await JsonAsync(path);
        Assert.True(json.RootElement.GetProperty("live").GetBoolean());
        Assert.True(json.RootElement.GetProperty("ready").GetBoolean());
    }

    [Theory]
    [InlineData(false, "not ready")]
    [InlineData(true, "shutting down")]
    public async Task Health_NotReadyOrDraining_IsLiveAndNotReady(bool draining, string expected)
    {
        _engine.IsReady = draining;
        if (draining)
        {
            _engine.Drain.Begin();
        }

        Assert.Contains(expected, await ErrorAsync(HttpMethod.Get, "/v2/health/ready", HttpStatusCode.BadRequest));
        Assert.Contains(expected, await ErrorAsync(HttpMethod.Get, "/readyz", HttpStatusCode.ServiceUnavailable));
        (await JsonAsync("/v2/health/live")).Dispose();
        (await JsonAsync("/livez")).Dispose();
    }

    [Theory]
    [InlineData(Models)]
    [InlineData(Models + "/versions/1")]
    public async Task Model_MetadataReadyAndStatus_AreFoundByQuotedName(string path)
    {
        using var metadata = await JsonAsync(path);
        Assert.Equal(
            """{"name":"m x/y","versions":["1"],"platform":"onnxruntime_onnx","inputs":[{"name":"x","datatype":"FP32","shape":[-1,2]}],"outputs":[{"name":"x","datatype":"FP32","shape":[-1,2]}]}""",
            metadata.RootElement.GetRawText());
        using var ready = await JsonAsync(path + "/ready");
        Assert.Equal("""{"name":"m x/y","ready":true}""", ready.RootElement.GetRawText());
        using var status = await JsonAsync(path + "/status");
        Assert.Equal(
            """[{"name":"m x/y","version":"1","state":"READY","reason":"","file":"model.onnx","provider":"cpu","refused_providers":{"cuda":"no device"},"batching":{"enabled":true,"max_rows":32,"batch_axes":{"x":0},"length_axes":{"x":[1]},"evidence":"two rows","mode":"padded","padding_values":{"x":1},"output_lengths":{"x":["axis 1: n"]},"sample":"lengths 8"},"warnings":[],"labels":[],"file_bytes":0}]""",
            status.RootElement.GetRawText());
    }

    [Theory]
    [InlineData("/v2/models/other")]
    [InlineData("/v2/models/other/ready")]
    [InlineData("/v2/models/other/status")]
    [InlineData(Models + "/versions/2")]
    [InlineData(Models + "/versions/2/ready")]
    [InlineData(Models + "/versions/2/status")]
    public async Task Model_UnknownNameOrVersion_IsNotFound(string path) =>
        Assert.NotEqual("Not Found", await ErrorAsync(HttpMethod.Get, path, HttpStatusCode.NotFound));

    [Fact]
    public async Task Model_KnownButNotReady_Is400ForReadyAnd503ForMetadata()
    {
        _engine.Failure = InferenceFailure.NotReady("'m' is not at ready state");
        Assert.Equal("'m' is not at ready state", await ErrorAsync(HttpMethod.Get, Models + "/ready", HttpStatusCode.BadRequest));
        Assert.Equal("'m' is not at ready state", await ErrorAsync(HttpMethod.Get, Models, HttpStatusCode.ServiceUnavailable));
    }

    [Theory]
    [InlineData("", 2)]
    [InlineData("{}", 2)]
    [InlineData("""{"ready":true}""", 1)]
    public async Task Repository_Index_ListsAllOrReadyOnes(string body, int expected)
    {
        using var response = await SendAsync(HttpMethod.Post, "/v2/repository/index", body);
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync().WaitAsync(Timeout));
        Assert.Equal(expected, json.RootElement.GetArrayLength());
        Assert.Equal("""{"name":"m x/y","version":"1","state":"READY","reason":""}""", json.RootElement[0].GetRawText());
    }

    [Fact]
    public async Task Repository_LoadAndUnload_ReachTheEngineAndAnswerEmpty()
    {
        foreach (var call in (string[])["load", "unload"])
        {
            using var response = await SendAsync(HttpMethod.Post, $"/v2/repository/models/{FakeEngine.QuotedModel}/{call}", "{}");
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Empty(await response.Content.ReadAsByteArrayAsync().WaitAsync(Timeout));
        }

        Assert.Equal(["load m x/y", "unload m x/y"], _engine.Calls);
    }

    [Fact]
    public async Task Repository_LoadWithOverrides_HandsThemOn()
    {
        using var body = new StringContent("{\"parameters\":{\"config\":\"{}\",\"file:1/model.onnx\":\"AQID\"}}");
        using var response = await _host.Client.PostAsync("/v2/repository/models/m/load", body).WaitAsync(Timeout);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("{}", _engine.LastOverrides!.Config);
        Assert.Equal([1, 2, 3], _engine.LastOverrides.Files["1/model.onnx"].ToArray());
    }

    [Fact]
    public async Task Repository_LoadLargerThanTheLimit_IsRefused()
    {
        using var body = new StringContent($"{{\"parameters\":{{\"config\":\"{{}}\",\"file:1/model.onnx\":\"{new string('A', 120_000)}\"}}}}");
        using var response = await _host.Client.PostAsync("/v2/repository/models/m/load", body).WaitAsync(Timeout);

        Assert.Contains("larger than the limit", await HttpAssert.ErrorAsync(HttpStatusCode.RequestEntityTooLarge, response));
        Assert.Empty(_engine.Calls);
    }

    [Theory]
    [InlineData(Models + "/config")]
    [InlineData(Models + "/versions/1/config")]
    public async Task Model_Config_IsTritons(string path)
    {
        using var json = await JsonAsync(path);
        Assert.Equal("m", json.RootElement.GetProperty("name").GetString());
        Assert.Equal([3, 4], json.RootElement.GetProperty("version_policy").GetProperty("specific").GetProperty("versions").EnumerateArray().Select(v => v.GetInt64()));
    }

    [Theory]
    [InlineData(Models + "/costs")]
    [InlineData(Models + "/versions/1/costs")]
    public async Task Costs_OfAModel_AreItsPoints(string path)
    {
        using var json = await JsonAsync(path);
        Assert.Equal("1", json.RootElement.GetProperty("version").GetString());
        Assert.Equal("cpu", json.RootElement.GetProperty("provider").GetString());
        Assert.Equal(123, json.RootElement.GetProperty("runs").GetInt32());
        Assert.Equal(1.5, json.RootElement.GetProperty("spread").GetDouble());
        Assert.Equal(
            [(1, 16, 0.25), (2, 16, 0.375)],
            json.RootElement.GetProperty("points").EnumerateArray().Select(point =>
                (point.GetProperty("rows").GetInt32(), point.GetProperty("length").GetInt32(), point.GetProperty("seconds").GetDouble())));
    }

    [Theory]
    [InlineData("/v2/models/stats")]
    [InlineData(Models + "/stats")]
    [InlineData(Models + "/versions/1/stats")]
    public async Task Model_Statistics_AreTritons(string path)
    {
        using var json = await JsonAsync(path);
        var model = Assert.Single(json.RootElement.GetProperty("model_stats").EnumerateArray());
        Assert.Equal(9, model.GetProperty("inference_count").GetInt64());
    }

    [Theory]
    [InlineData("/v2/models/nobody/config")]
    [InlineData("/v2/models/nobody/stats")]
    [InlineData("/v2/models/nobody/costs")]
    [InlineData(Models + "/versions/2/config")]
    [InlineData(Models + "/versions/2/stats")]
    public async Task Model_DescriptionOfWhatIsNotThere_IsNotFound(string path) => await ErrorAsync(HttpMethod.Get, path, HttpStatusCode.NotFound);

    [Fact]
    public async Task Repository_LoadThatFails_SaysWhy()
    {
        _engine.Failure = InferenceFailure.NotFound("no such model");
        Assert.Equal("no such model", await ErrorAsync(HttpMethod.Post, "/v2/repository/models/m/load", HttpStatusCode.NotFound));
    }

    [Theory]
    [InlineData("/v2/repository/name/index", HttpStatusCode.NotImplemented)]
    [InlineData("/v2/repository/name/models/m/load", HttpStatusCode.NotImplemented)]
    [InlineData("/v2/repository/name/models/m/unload", HttpStatusCode.NotImplemented)]
    [InlineData("/v2/repository/models/m/reload", HttpStatusCode.NotFound)]
    [InlineData("/v2/health/live", HttpStatusCode.MethodNotAllowed)]
    [InlineData("/v2", HttpStatusCode.MethodNotAllowed)]
    public async Task Post_WhatIsNotOffered_IsAnError(string path, HttpStatusCode status) => await ErrorAsync(HttpMethod.Post, path, status);

    [Theory]
    [InlineData("/v2/repository/index")]
    [InlineData("/v2/repository/models/m/load")]
    [InlineData(Models + "/infer")]
    [InlineData(Models + "/versions/1/infer")]
    public async Task Get_WhatIsPosted_IsMethodNotAllowed(string path) =>
        Assert.Equal("Method Not Allowed", await ErrorAsync(HttpMethod.Get, path, HttpStatusCode.MethodNotAllowed));

    [Fact]
    public async Task Repository_LoadFromAnotherMachine_IsForbidden()
    {
        await using var host = await _engine.StartAsync(app => app.Use((context, next) =>
        {
            context.Connection.RemoteIpAddress = IPAddress.Parse("192.0.2.1");
            return next(context);
        }));
        using var response = await host.Client.PostAsync("/v2/repository/models/m/load", null).WaitAsync(Timeout);
        Assert.Contains("restricted", await HttpAssert.ErrorAsync(HttpStatusCode.Forbidden, response));
        Assert.Empty(_engine.Calls);
    }

    private async Task<JsonDocument> JsonAsync(string path)
    {
        using var response = await _host.Client.GetAsync(path).WaitAsync(Timeout);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync().WaitAsync(Timeout));
    }

    private async Task<string> ErrorAsync(HttpMethod method, string path, HttpStatusCode status)
    {
        using var response = await SendAsync(method, path, null);
        return await HttpAssert.ErrorAsync(status, response);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? body)
    {
        using var content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        using var request = new HttpRequestMessage(method, path) { Content = content };
        return await _host.Client.SendAsync(request).WaitAsync(Timeout);
    }
}
