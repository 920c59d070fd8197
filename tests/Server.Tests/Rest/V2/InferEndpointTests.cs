using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;
using Serving.Runtime.Inference;
using Serving.Runtime.Tensors;
using Serving.Server.Errors;

namespace Serving.Server.Tests.Rest.V2;

/// <summary>Inference over a real connection: forms, headers, failures; afterwards nothing is rented any more.</summary>
[Collection(PoolCollection.Name)]
public sealed class InferEndpointTests : IAsyncLifetime
{
    private const string Path = "/v2/models/" + FakeEngine.QuotedModel + "/infer";
    private const string JsonLength = "Inference-Header-Content-Length";
    private const string Valid = """{"id":"7","inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[1.5,-2]}]}""";

    private const string Answer =
        """{"model_name":"m x/y","model_version":"1","id":"7","outputs":[{"name":"x","datatype":"FP32","shape":[1,2],"data":[1.5,-2]}]}""";

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

    [Fact]
    public async Task Infer_Json_AnswersJson()
    {
        using var response = await PostAsync(Encoding.UTF8.GetBytes(Valid));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.ToString());
        Assert.Equal(Answer, await response.Content.ReadAsStringAsync().WaitAsync(Timeout));
        Assert.False(response.Headers.Contains("Server-Timing"));
    }

    [Fact]
    public async Task Infer_VersionInThePath_ReachesTheEngine()
    {
        using var known = await PostAsync(Encoding.UTF8.GetBytes(Valid), path: Path.Replace("/infer", "/versions/1/infer", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.OK, known.StatusCode);
        Assert.Equal("1", _engine.LastRequest!.ModelVersion);
        using var unknown = await PostAsync(Encoding.UTF8.GetBytes(Valid), path: Path.Replace("/infer", "/versions/9/infer", StringComparison.Ordinal));
        Assert.Equal("no version 9", await HttpAssert.ErrorAsync(HttpStatusCode.NotFound, unknown));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("gzip")]
    [InlineData("deflate")]
    public async Task Infer_BinaryBothWays_CountsPlainBytes(string? encoding)
    {
        var json = """{"parameters":{"binary_data_output":true},"inputs":[{"name":"x","shape":[1,2000],"datatype":"FP32","parameters":{"binary_data_size":8000}}]}"""u8.ToArray();
        var tensor = Enumerable.Range(0, 8000).Select(i => (byte)(i / 16)).ToArray();
        byte[] body = [.. json, .. tensor];
        using var response = await PostAsync(
            encoding is null ? body : Compress(encoding, body), encoding, [(JsonLength, Text(json.Length)), ("Accept-Encoding", encoding ?? "identity")]);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/octet-stream", response.Content.Headers.ContentType?.ToString());
        Assert.Equal(encoding, response.Content.Headers.ContentEncoding.SingleOrDefault());
        var answer = await response.Content.ReadAsByteArrayAsync().WaitAsync(Timeout);
        answer = encoding is null ? answer : Decompress(encoding, answer);
        var length = int.Parse(response.Headers.GetValues(JsonLength).Single(), CultureInfo.InvariantCulture);
        Assert.Equal(tensor, answer[length..]);
        using var parsed = JsonDocument.Parse(answer.AsMemory(0, length));
        Assert.Equal(8000, parsed.RootElement.GetProperty("outputs")[0].GetProperty("parameters").GetProperty("binary_data_size").GetInt32());
    }

    [Fact]
    public async Task Infer_RawBody_IsTheOneInputAsBatchOfOne()
    {
        byte[] tensor = [0, 0, 128, 63, 0, 0, 0, 64];
        using var response = await PostAsync(tensor, headers: [(JsonLength, "0")]);
        var answer = await response.Content.ReadAsByteArrayAsync().WaitAsync(Timeout);
        Assert.Equal(tensor, answer[^8..]);
        Assert.Equal([1, 2], _engine.LastRequest!.Inputs[0].Shape.ToArray());
    }

    [Fact]
    public async Task Infer_RawBodyForAnUnknownModel_IsNotFound()
    {
        using var response = await PostAsync([1], headers: [(JsonLength, "0")], path: "/v2/models/other/infer");
        await HttpAssert.ErrorAsync(HttpStatusCode.NotFound, response);
    }

    [Theory]
    [InlineData("{", HttpStatusCode.BadRequest)]
    [InlineData("""{"inputs":[{"name":"x","shape":[1],"datatype":"FP32","parameters":{"shared_memory_region":"r","shared_memory_byte_size":4}}]}""", HttpStatusCode.NotImplemented)]
    public async Task Infer_RequestThatCannotBeRead_NeverReachesTheEngine(string body, HttpStatusCode status)
    {
        using var response = await PostAsync(Encoding.UTF8.GetBytes(body));
        await HttpAssert.ErrorAsync(status, response);
        Assert.Null(_engine.LastRequest);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("-1")]
    [InlineData("9999")]
    [InlineData("2147483648")]
    public async Task Infer_WrongHeaderLength_IsABadRequest(string value)
    {
        using var response = await PostAsync(Encoding.UTF8.GetBytes(Valid), headers: [(JsonLength, value)]);
        Assert.Contains(JsonLength, await HttpAssert.ErrorAsync(HttpStatusCode.BadRequest, response));
    }

    [Fact]
    public async Task Infer_BodyOverTheLimit_IsTooLarge()
    {
        using var response = await PostAsync(new byte[100_001]);
        Assert.Contains("limit of 100000 bytes", await HttpAssert.ErrorAsync(HttpStatusCode.RequestEntityTooLarge, response));
    }

    [Theory]
    [MemberData(nameof(AllErrors))]
    public async Task Infer_AnyFailureOfTheEngine_HasItsStatus(InferenceError error)
    {
        _engine.Failure = new InferenceFailure(error, $"because of {error}");
        using var response = await PostAsync(Encoding.UTF8.GetBytes(Valid));
        Assert.Equal($"because of {error}", await HttpAssert.ErrorAsync((HttpStatusCode)ErrorTable.ToHttpStatus(error), response));
        Assert.Equal(error == InferenceError.Overloaded, response.Headers.Contains("Retry-After"));
    }

    [Fact]
    public async Task Infer_ExceptionInTheEngine_IsAnInternalError()
    {
        _engine.Before = _ => throw new InvalidOperationException("a secret");
        using var response = await PostAsync(Encoding.UTF8.GetBytes(Valid));
        Assert.StartsWith("internal error", await HttpAssert.ErrorAsync(HttpStatusCode.InternalServerError, response));
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task Infer_TimingByOptionOrHeader_SendsAllStages(bool option, bool header)
    {
        _engine.Options.ServerTiming = option;
        using var response = await PostAsync(Encoding.UTF8.GetBytes(Valid), headers: header ? [("X-Server-Timing", "1")] : []);
        Assert.Equal(
            "queue;dur=1, input;dur=0.25, infer;dur=3, output;dur=0, total;dur=4.5", string.Join(", ", response.Headers.GetValues("Server-Timing")));
    }

    [Fact]
    public async Task Infer_TimeoutAndPriorityHeaders_ReachTheEngine()
    {
        using var response = await PostAsync(Encoding.UTF8.GetBytes(Valid), headers: [("X-Request-Timeout-Ms", "5000"), ("X-Priority", "3"), ("X-Request-Id", "r1")]);
        var request = _engine.LastRequest!;
        Assert.Equal(3, request.Priority);
        Assert.Equal(5000, TimeProvider.System.GetElapsedTime(request.Received, request.Deadline).TotalMilliseconds, 1.0);
        Assert.Equal("r1", response.Headers.GetValues("X-Request-Id").Single());
    }

    [Fact]
    public async Task Infer_ClientGoesAway_CancelsTheEngineAndReturnsMemory()
    {
        var (started, cancelled) = (new TaskCompletionSource(), new TaskCompletionSource());
        _engine.Before = async token =>
        {
            started.SetResult();
            using var registration = token.Register(cancelled.SetResult);
            await cancelled.Task.WaitAsync(Timeout);
            token.ThrowIfCancellationRequested();
        };
        using var leaving = new CancellationTokenSource();
        using var content = new StringContent(Valid);
        var call = _host.Client.PostAsync(Path, content, leaving.Token);
        await started.Task.WaitAsync(Timeout);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call).WaitAsync(Timeout);
        await cancelled.Task.WaitAsync(Timeout);
    }

    private async Task<HttpResponseMessage> PostAsync(
        byte[] body, string? encoding = null, (string Name, string Value)[]? headers = null, string path = Path)
    {
        using var content = new ByteArrayContent(body);
        if (encoding is not null)
        {
            content.Headers.ContentEncoding.Add(encoding);
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
        foreach (var (name, value) in headers ?? [])
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await _host.Client.SendAsync(request).WaitAsync(Timeout);
    }

    private static byte[] Compress(string encoding, byte[] bytes)
    {
        using var target = new MemoryStream();
        using (Stream stream = encoding == "gzip" ? new GZipStream(target, CompressionMode.Compress) : new ZLibStream(target, CompressionMode.Compress))
        {
            stream.Write(bytes);
        }

        return target.ToArray();
    }

    private static byte[] Decompress(string encoding, byte[] bytes)
    {
        using var source = new MemoryStream(bytes);
        using Stream stream = encoding == "gzip" ? new GZipStream(source, CompressionMode.Decompress) : new ZLibStream(source, CompressionMode.Decompress);
        using var target = new MemoryStream();
        stream.CopyTo(target);
        return target.ToArray();
    }

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
