using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Serving.Runtime.Inference;
using Serving.Runtime.Tensors;
using Serving.Server.Errors;
using Serving.Server.Tests.Rest.V2;

namespace Serving.Server.Tests.Rest.V1;

/// <summary>V1's calls over a real connection: paths, headers, failures; afterwards nothing is rented any more.</summary>
[Collection(PoolCollection.Name)]
public sealed class InferenceEndpointTests : IAsyncLifetime
{
    private const string Model = "/v1/models/" + FakeEngine.QuotedModel;
    private const string Rows = """{"instances":[[1,2],[3,4.5]]}""";

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);

    private readonly long _rented = BufferPool.Shared.RentedBytes;
    private readonly FakeEngine _engine = new();
    private RestHost _host = null!;

    public static TheoryData<InferenceError> AllErrors => [.. Enum.GetValues<InferenceError>()];

    public async Task InitializeAsync() => _host = await _engine.StartAsync();

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        Assert.Equal(_rented, BufferPool.Shared.RentedBytes);
    }

    [Theory]
    [InlineData(Model, null)]
    [InlineData(Model + "/versions/1", "1")]
    [InlineData(Model + "/labels/stable", "stable")]
    [InlineData("/v1/models/m%20x%2fy", null)]
    public async Task Predict_Rows_AnswersRows(string path, string? version)
    {
        using var response = await PostAsync(path + ":predict", Rows);
        Assert.Equal("""{"predictions":[[1.0,2.0],[3.0,4.5]]}""", await BodyAsync(response));
        Assert.Equal("application/json", response.Content.Headers.ContentType?.ToString());
        Assert.Equal(("m x/y", version), (_engine.LastRequest!.ModelName, _engine.LastRequest.ModelVersion));
        Assert.Null(_engine.LastRequest.Outputs);
    }

    [Fact]
    public async Task Predict_Columns_AnswersColumns()
    {
        using var response = await PostAsync(Model + ":PREDICT", """{"inputs":{"x":[[1,2]]}}""");
        Assert.Equal("""{"outputs":[[1.0,2.0]]}""", await BodyAsync(response));
    }

    [Fact]
    public async Task Predict_ModelWithColonAndDots_IsFoundByTheLastColon()
    {
        using var response = await PostAsync("/v1/models/llama3.2:8b:predict", Rows);
        Assert.Equal("Request for unknown model: 'llama3.2:8b' is not found", await HttpAssert.ErrorAsync(HttpStatusCode.NotFound, response));
    }

    [Fact]
    public async Task Classify_AsksForTheScoresOnly()
    {
        _engine.Outputs = _ => [Sample.Output("x", ElementType.Float32, [1, 2], 0.25f, 0.75f)];
        using var response = await PostAsync(Model + ":classify", """{"examples":[{"x":[1,2]}]}""");
        Assert.Equal("""{"results":[[["0",0.25],["1",0.75]]]}""", await BodyAsync(response));
        Assert.Equal(["x"], _engine.LastRequest!.Outputs!);
    }

    [Fact]
    public async Task Regress_AnswersOneNumberARow()
    {
        _engine.Metadata = _engine.Metadata with { Outputs = [Sample.Tensor("v", ElementType.Float32, -1, 1), Sample.Tensor("other", ElementType.Float32, -1, 3)] };
        _engine.Outputs = _ => [Sample.Output("v", ElementType.Float32, [2, 1], 3f, 4.5f)];
        using var response = await PostAsync(Model + ":regress", """{"examples":[{"x":[1,2]},{"x":[3,4]}]}""");
        Assert.Equal("""{"results":[3.0,4.5]}""", await BodyAsync(response));
        Assert.Equal(["v"], _engine.LastRequest!.Outputs!);
    }

    [Fact]
    public async Task Predict_CompressedBothWays_IsTheSame()
    {
        var numbers = string.Join(',', Enumerable.Repeat("[0.5,1.5]", 2000));
        using var plain = new MemoryStream();
        await using (var gzip = new GZipStream(plain, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(Encoding.UTF8.GetBytes($$"""{"instances":[{{numbers}}]}"""));
        }

        using var content = new ByteArrayContent(plain.ToArray()) { Headers = { ContentEncoding = { "gzip" } } };
        using var request = new HttpRequestMessage(HttpMethod.Post, Model + ":predict") { Content = content };
        request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("gzip"));
        using var response = await _host.Client.SendAsync(request).WaitAsync(Timeout);
        Assert.Equal(["gzip"], response.Content.Headers.ContentEncoding);
        await using var body = new GZipStream(await response.Content.ReadAsStreamAsync().WaitAsync(Timeout), CompressionMode.Decompress);
        using var text = new StreamReader(body);
        Assert.Equal($$"""{"predictions":[{{numbers}}]}""", await text.ReadToEndAsync().WaitAsync(Timeout));
    }

    [Fact]
    public async Task Predict_Headers_AreThoseOfEveryInference()
    {
        using var response = await PostAsync(
            Model + ":predict", Rows, ("X-Request-Timeout-Ms", "60000"), ("X-Priority", "2"), ("X-Request-Id", "id-1"), ("X-Server-Timing", "1"));
        Assert.True(response.IsSuccessStatusCode);
        Assert.Equal("id-1", response.Headers.GetValues("X-Request-Id").Single());
        Assert.Contains("infer;dur=3", response.Headers.GetValues("Server-Timing").Single());
        Assert.Equal(2, _engine.LastRequest!.Priority);
        Assert.InRange(_engine.LastRequest.Deadline - _engine.LastRequest.Received, 1, 61 * TimeProvider.System.TimestampFrequency);
    }

    [Theory]
    [InlineData("X-Request-Timeout-Ms", "soon")]
    [InlineData("X-Priority", "-1")]
    public async Task Predict_WrongHeader_SaysWhich(string name, string value)
    {
        using var response = await PostAsync(Model + ":predict", Rows, (name, value));
        Assert.Contains($"header {name} is '{value}'", await HttpAssert.ErrorAsync(HttpStatusCode.BadRequest, response));
    }

    [Fact]
    public async Task Predict_BodyOverTheLimit_IsTooLarge()
    {
        using var response = await PostAsync(Model + ":predict", $$"""{"instances":[[{{new string(' ', 100_001)}}]]}""");
        Assert.Contains("--max-request-bytes", await HttpAssert.ErrorAsync(HttpStatusCode.RequestEntityTooLarge, response));
    }

    [Theory]
    [InlineData(Model + ":predict", "{", HttpStatusCode.BadRequest, "JSON Parse error")]
    [InlineData(Model + ":classify", "{}", HttpStatusCode.BadRequest, "'examples'")]
    [InlineData(Model + ":regress", "{}", HttpStatusCode.BadRequest, ":regress cannot tell which output")]
    [InlineData(Model + ":explain", Rows, HttpStatusCode.NotImplemented, "no explainer")]
    [InlineData(Model + "/versions/1:explain", Rows, HttpStatusCode.NotImplemented, "no explainer")]
    [InlineData(Model + ":foo", Rows, HttpStatusCode.BadRequest, "Malformed request: POST /v1/models/")]
    [InlineData(Model, Rows, HttpStatusCode.BadRequest, "expected :predict, :classify or :regress")]
    [InlineData(Model + "/versions/1", Rows, HttpStatusCode.BadRequest, "Malformed request")]
    [InlineData("/v1/models/other:predict", Rows, HttpStatusCode.NotFound, "Request for unknown model: 'other' is not found")]
    [InlineData(Model + "/versions/9:predict", Rows, HttpStatusCode.NotFound, "no version 9")]
    [InlineData("/v1/models", Rows, HttpStatusCode.MethodNotAllowed, "Method Not Allowed")]
    public async Task Post_WhatCannotBeAnswered_SaysWhy(string path, string body, HttpStatusCode status, string expected)
    {
        using var response = await PostAsync(path, body);
        Assert.Contains(expected, await HttpAssert.ErrorAsync(status, response));
        Assert.Null(_engine.LastRequest);
    }

    [Theory]
    [MemberData(nameof(AllErrors))]
    public async Task Predict_AnyFailureOfTheEngine_HasItsStatus(InferenceError error)
    {
        _engine.InferFailure = new InferenceFailure(error, $"because of {error}");
        using var response = await PostAsync(Model + ":predict", Rows);
        Assert.Equal($"because of {error}", await HttpAssert.ErrorAsync((HttpStatusCode)ErrorTable.ToHttpStatus(error), response));
    }

    [Fact]
    public async Task Predict_ClientGoesAway_IsCancelledAndGivesItsMemoryBack()
    {
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var abort = new CancellationTokenSource();
        _engine.Before = async token =>
        {
            await abort.CancelAsync();
            try
            {
                await Task.Delay(System.Threading.Timeout.Infinite, token).WaitAsync(Timeout, CancellationToken.None);
            }
            finally
            {
                cancelled.SetResult();
            }
        };
        using var content = new StringContent(Rows);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _host.Client.PostAsync(Model + ":predict", content, abort.Token)).WaitAsync(Timeout);
        await cancelled.Task.WaitAsync(Timeout);
    }

    private static async Task<string> BodyAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync().WaitAsync(Timeout);
        Assert.True(response.IsSuccessStatusCode, text);
        using var json = JsonDocument.Parse(text);
        return text;
    }

    private async Task<HttpResponseMessage> PostAsync(string path, string body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await _host.Client.SendAsync(request).WaitAsync(Timeout);
    }
}
