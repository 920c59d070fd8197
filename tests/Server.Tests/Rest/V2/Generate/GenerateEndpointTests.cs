using System.Net;
using System.Runtime.InteropServices;
using System.Text;
using Serving.Runtime.Inference;

namespace Serving.Server.Tests.Rest.V2.Generate;

public class GenerateEndpointTests
{
    private const string Path = "/v2/models/" + FakeEngine.QuotedModel + "/generate";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData("""{"x":[1,2]}""", "[1,2]", """{"model_name":"m x/y","model_version":"1","x":[1.0,2.0]}""")]
    [InlineData("""{"x":[1,2,3,4]}""", "[2,2]", """{"model_name":"m x/y","model_version":"1","x":[1.0,2.0,3.0,4.0]}""")]
    [InlineData("""{"x":[]}""", "[0,2]", """{"model_name":"m x/y","model_version":"1","x":[]}""")]
    [InlineData("""{"id":"7","x":[1,2]}""", "[1,2]", """{"id":"7","model_name":"m x/y","model_version":"1","x":[1.0,2.0]}""")]
    [InlineData("""{"x":[1,2],"temperature":0.5,"stream":false,"stop":"a"}""", "[1,2]", """{"model_name":"m x/y","model_version":"1","x":[1.0,2.0]}""")]
    [InlineData("""{"parameters":{"x":[1,2],"temperature":1}}""", "[1,2]", """{"model_name":"m x/y","model_version":"1","x":[1.0,2.0]}""")]
    [InlineData("""{"parameters":null,"x":[1,2]}""", "[1,2]", """{"model_name":"m x/y","model_version":"1","x":[1.0,2.0]}""")]
    public async Task Generate_FlatJson_BecomesTensorsAndBack(string body, string shape, string expected)
    {
        var engine = new FakeEngine();
        await using var host = await engine.StartAsync();

        using var response = await PostAsync(host, Path, body);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.ToString());
        Assert.Equal(expected.Replace(".0", "", StringComparison.Ordinal), (await TextAsync(response)).Replace(".0", "", StringComparison.Ordinal));
        Assert.Equal(shape, engine.LastRequest!.Inputs[0].Shape.ToString());
    }

    [Fact]
    public async Task GenerateStream_OneAnswer_IsOneEvent()
    {
        await using var host = await new FakeEngine().StartAsync();

        using var response = await PostAsync(host, Path + "_stream", """{"x":[1.5,2.5],"id":"a\nb"}""");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/event-stream; charset=utf-8", response.Content.Headers.ContentType?.ToString());
        Assert.Equal("data: {\"id\":\"a\\nb\",\"model_name\":\"m x/y\",\"model_version\":\"1\",\"x\":[1.5,2.5]}\n\n", await TextAsync(response));
    }

    [Theory]
    [InlineData("/generate")]
    [InlineData("/generate_stream")]
    public async Task Generate_WithVersion_IsTheVersionAskedFor(string verb)
    {
        var engine = new FakeEngine();
        await using var host = await engine.StartAsync();

        using var found = await PostAsync(host, "/v2/models/" + FakeEngine.QuotedModel + "/versions/1" + verb, """{"x":[1,2]}""");
        using var missing = await PostAsync(host, "/v2/models/" + FakeEngine.QuotedModel + "/versions/9" + verb, """{"x":[1,2]}""");

        Assert.Equal(HttpStatusCode.OK, found.StatusCode);
        Assert.Equal("1", engine.LastRequest!.ModelVersion);
        Assert.Equal("no version 9", await HttpAssert.ErrorAsync(HttpStatusCode.NotFound, missing));
    }

    [Theory]
    [InlineData("""{"x":[1,2,3]}""", "input 'x' has 3 elements, which do not fill the model's shape [-1,2]")]
    [InlineData("""{"x":1}""", "input 'x' has 1 elements, which do not fill the model's shape [-1,2]")]
    [InlineData("""{"x":[[1,2]]}""", "input 'x' must be one value or a flat array of values")]
    [InlineData("""{"x":{}}""", "input 'x' must be one value or a flat array of values")]
    [InlineData("""{"x":null}""", "input 'x' must be one value or a flat array of values")]
    [InlineData("""{"x":[1,"a"]}""", "input 'x' element 1: \"a\" is not a FP32, expected")]
    [InlineData("""{"x":[1,2],"x":[1,2]}""", "input 'x' is given twice")]
    [InlineData("""{"x":[1,2],"parameters":{"x":[1,2]}}""", "input 'x' is given twice")]
    [InlineData("""{"x":[1,2],"z":[1]}""", "'z' is no input of model 'm x/y', which has 'x'; as a parameter it must be a string, a number or a boolean")]
    [InlineData("""{"x":[1,2],"parameters":[1]}""", "'parameters' is no input of model 'm x/y'")]
    [InlineData("""{"x":[1,2],"parameters":{"parameters":{}}}""", "'parameters' is no input of model 'm x/y'")]
    [InlineData("""{"id":7}""", "id of the request must be a string")]
    [InlineData("""[]""", "the request must be a JSON object")]
    [InlineData("""{"x":[1,2]} 5""", "the request is not valid JSON")]
    [InlineData("""{"x":[1,2""", "the request is not valid JSON")]
    [InlineData("", "the request is not valid JSON")]
    public async Task Generate_Unfit_IsRefusedAndSaysWhy(string body, string error)
    {
        await using var host = await new FakeEngine().StartAsync();
        foreach (var path in (string[])[Path, Path + "_stream"])
        {
            using var response = await PostAsync(host, path, body);

            Assert.StartsWith(error, await HttpAssert.ErrorAsync(HttpStatusCode.BadRequest, response), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(InferenceError.Overloaded, HttpStatusCode.ServiceUnavailable)]
    [InlineData(InferenceError.NotReady, HttpStatusCode.ServiceUnavailable)]
    [InlineData(InferenceError.BackendFailed, HttpStatusCode.InternalServerError)]
    public async Task GenerateStream_EngineFails_HasTheStatusOfTheFailure(InferenceError error, HttpStatusCode status)
    {
        var engine = new FakeEngine();
        await using var host = await engine.StartAsync();
        engine.Before = _ =>
        {
            engine.Failure = new InferenceFailure(error, "because");
            return Task.CompletedTask;
        };

        using var response = await PostAsync(host, Path + "_stream", """{"x":[1,2]}""");

        Assert.Equal("because", await HttpAssert.ErrorAsync(status, response));
    }

    [Theory]
    [InlineData("/generate")]
    [InlineData("/generate_stream")]
    public async Task Generate_WithGet_IsNotAllowed(string verb)
    {
        await using var host = await new FakeEngine().StartAsync();

        using var response = await host.Client.GetAsync("/v2/models/" + FakeEngine.QuotedModel + verb).WaitAsync(Patience);

        Assert.Equal("Method Not Allowed", await HttpAssert.ErrorAsync(HttpStatusCode.MethodNotAllowed, response));
    }

    [Fact]
    public async Task Generate_LargeTensor_ComesBackWhole()
    {
        var engine = new FakeEngine();
        engine.Options.MaxRequestBytes = 10_000_000;
        await using var host = await engine.StartAsync();
        var values = Enumerable.Range(0, 200_000).Select(i => (float)i).ToArray();

        using var response = await PostAsync(host, Path, $"{{\"x\":[{string.Join(',', values)}]}}");

        var text = await TextAsync(response);
        using var json = System.Text.Json.JsonDocument.Parse(text);
        Assert.Equal(values, json.RootElement.GetProperty("x").EnumerateArray().Select(value => value.GetSingle()));
        Assert.Equal(values.Length, MemoryMarshal.Cast<byte, float>(System.Buffers.BuffersExtensions.ToArray(engine.LastRequest!.Inputs[0].Data)).Length);
    }

    [Fact]
    public async Task Generate_DeadlineHeader_IsTheRequests()
    {
        var engine = new FakeEngine();
        await using var host = await engine.StartAsync();
        using var body = new StringContent("""{"x":[1,2]}""");
        body.Headers.Add("X-Request-Timeout-Ms", "1000");

        using var response = await host.Client.PostAsync(Path, body).WaitAsync(Patience);

        var (received, deadline) = (engine.LastRequest!.Received, engine.LastRequest.Deadline);
        Assert.Equal(1, TimeProvider.System.GetElapsedTime(received, deadline).TotalSeconds, 3);
    }

    private static Task<HttpResponseMessage> PostAsync(RestHost host, string path, string body) =>
        host.Client.PostAsync(path, new StringContent(body, Encoding.UTF8, "application/json")).WaitAsync(Patience);

    private static Task<string> TextAsync(HttpResponseMessage response) => response.Content.ReadAsStringAsync().WaitAsync(Patience);
}
