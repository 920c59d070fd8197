using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Serving.Runtime.Tensors;
using Serving.Server.Tests.Rest.V2.Requests;
using Serving.Server.Tests.SharedMemory;

namespace Serving.Server.Tests.Rest.V2;

/// <summary>The shared memory extensions over REST, against an engine that answers each input as an output of the same name.</summary>
public sealed class SharedMemoryEndpointsTests
{
    private const string System = "/v2/systemsharedmemory";
    private const string Cuda = "/v2/cudasharedmemory";
    private const string Infer = $"/v2/models/{FakeEngine.QuotedModel}/infer";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Regions_RegisterStatusUnregister_Work()
    {
        using var file = new SharedMemoryFile(100);
        await using var host = await StartAsync();
        Assert.Equal("[]", await GetAsync(host, System + "/status"));
        await RegisterAsync(host, "a%2Fb", file.Key, 1, 50);
        await RegisterAsync(host, "c", file.Key, 0, 100);
        var entry = $$"""{"name":"a/b","key":"{{file.Key}}","offset":1,"byte_size":50}""";
        Assert.Equal($$"""[{{entry}},{"name":"c","key":"{{file.Key}}","offset":0,"byte_size":100}]""", await GetAsync(host, System + "/status"));
        Assert.Equal($"[{entry}]", await GetAsync(host, System + "/region/a%2Fb/status"));
        await PostAsync(host, System + "/region/a%2Fb/unregister", "");
        Assert.Equal(
            "Unable to find system shared memory region: 'a/b'",
            await HttpAssert.ErrorAsync(HttpStatusCode.NotFound, await host.Client.GetAsync(System + "/region/a%2Fb/status")));
        await PostAsync(host, System + "/unregister", "");
        Assert.Equal("[]", await GetAsync(host, System + "/status"));
    }

    [Theory]
    [InlineData("""{"key":"KEY","byte_size":101}""", HttpStatusCode.BadRequest, "invalid args")]
    [InlineData("""{"key":"/../KEY","byte_size":1}""", HttpStatusCode.BadRequest, "Unable to open shared memory region")]
    [InlineData("""{"byte_size":1}""", HttpStatusCode.BadRequest, "has no 'key' field")]
    [InlineData("""{"key":"KEY"}""", HttpStatusCode.BadRequest, "has no 'byte_size' field")]
    [InlineData("""{"key":1,"byte_size":1}""", HttpStatusCode.BadRequest, "key must be a string")]
    [InlineData("""{"key":"KEY","byte_size":-1}""", HttpStatusCode.BadRequest, "byte_size must be a whole number")]
    [InlineData("""{"key":"KEY","byte_size":1,"offset":"0"}""", HttpStatusCode.BadRequest, "offset must be a whole number")]
    [InlineData("""{"key":"KEY","byte_size":1""", HttpStatusCode.BadRequest, "not valid JSON")]
    [InlineData("[]", HttpStatusCode.BadRequest, "must be a JSON object")]
    [InlineData("", HttpStatusCode.BadRequest, "not valid JSON")]
    public async Task Register_WrongBody_IsRefused(string body, HttpStatusCode status, string expected)
    {
        using var file = new SharedMemoryFile(100);
        await using var host = await StartAsync();
        var answer = await host.Client.PostAsync(System + "/region/r/register", Json(body.Replace("KEY", file.Key, StringComparison.Ordinal))).WaitAsync(Patience);
        Assert.Contains(expected, await HttpAssert.ErrorAsync(status, answer));
    }

    [Fact]
    public async Task NotAllowed_EveryCall_NamesTheOption()
    {
        await using var host = await new FakeEngine().StartAsync();
        HttpResponseMessage[] answers =
        [
            await host.Client.GetAsync(System + "/status").WaitAsync(Patience),
            await host.Client.PostAsync(System + "/region/r/register", Json("{}")).WaitAsync(Patience),
            await host.Client.PostAsync(System + "/unregister", null).WaitAsync(Patience),
            await host.Client.PostAsync(Infer, Json(Request("UINT8", "[1]", InRegion("r", 0, 1)))).WaitAsync(Patience),
        ];
        foreach (var answer in answers)
        {
            Assert.Contains("--allow-shared-memory", await HttpAssert.ErrorAsync(HttpStatusCode.NotImplemented, answer));
        }

        Assert.DoesNotContain("shared_memory", await GetAsync(host, "/v2"));
    }

    [Fact]
    public async Task Allowed_Extension_IsListed()
    {
        await using var host = await StartAsync();
        Assert.Contains("\"system_shared_memory\"", await GetAsync(host, "/v2"));
    }

    [Fact]
    public async Task Cuda_NothingIsThereAndNothingCanBeRegistered()
    {
        await using var host = await StartAsync();
        Assert.Equal("[]", await GetAsync(host, Cuda + "/status"));
        Assert.Contains("'r'", await HttpAssert.ErrorAsync(HttpStatusCode.NotFound, await host.Client.GetAsync(Cuda + "/region/r/status").WaitAsync(Patience)));
        var refused = await host.Client.PostAsync(Cuda + "/region/r/register", Json("{}")).WaitAsync(Patience);
        Assert.Contains("CUDA shared memory is not offered", await HttpAssert.ErrorAsync(HttpStatusCode.NotImplemented, refused));
        await PostAsync(host, Cuda + "/unregister", "");
        await PostAsync(host, Cuda + "/region/r/unregister", "");
    }

    [Fact]
    public async Task Infer_RandomTensorsOfEveryType_AreTheSameThroughMemoryAsThroughBodies()
    {
        var random = new Random(11);
        using var file = new SharedMemoryFile(4000);
        await using var host = await StartAsync();
        await RegisterAsync(host, "in", file.Key, 13, 1987);
        await RegisterAsync(host, "out", file.Key, 2003, 1997);
        foreach (var type in Enum.GetValues<ElementType>())
        {
            for (var round = 0; round < 5; round++)
            {
                var tensor = SampleTensor.Create(type, random, [.. Enumerable.Range(0, random.Next(0, 4)).Select(_ => (long)random.Next(0, 4))]);
                var (from, to) = (random.Next(0, 100), random.Next(0, 100));
                file.Write(13 + from, tensor.Bytes);
                var place = InRegion("out", to, 1500);
                using var answer = JsonDocument.Parse(await PostAsync(host, Infer, Request(type.Name(), tensor.ShapeText, InRegion("in", from, tensor.Bytes.Length), place)));
                var output = answer.RootElement.GetProperty("outputs")[0];
                Assert.Equal((type.Name(), tensor.ShapeText), (output.GetProperty("datatype").GetString(), output.GetProperty("shape").GetRawText()));
                Assert.Equal($$"""{"shared_memory_region":"out","shared_memory_offset":{{to}},"shared_memory_byte_size":{{tensor.Bytes.Length}}}""", output.GetProperty("parameters").GetRawText());
                Assert.False(output.TryGetProperty("data", out _));
                Assert.Equal(await ThroughBodyAsync(host, tensor), file.Read(2003 + to, tensor.Bytes.Length));
            }
        }
    }

    [Fact]
    public async Task Infer_MemoryJsonAndRawMixed_EachIsWhereItBelongs()
    {
        using var file = SharedMemoryFile.Of([1, 2, 3, 4]);
        await using var host = await StartAsync();
        await RegisterAsync(host, "r", file.Key, 0, 4);
        const string Json = """
            {"inputs":[
              {"name":"a","datatype":"UINT8","shape":[2],"parameters":{"shared_memory_region":"r","shared_memory_byte_size":2}},
              {"name":"b","datatype":"UINT8","shape":[1],"parameters":{"binary_data_size":1}},
              {"name":"c","datatype":"UINT8","shape":[1],"data":[9]}],
             "outputs":[
              {"name":"a","parameters":{"binary_data":true}},
              {"name":"b","parameters":{"shared_memory_region":"r","shared_memory_offset":3,"shared_memory_byte_size":1}},
              {"name":"c"}]}
            """;
        var answer = await PostRawAsync(host, Json, [8]);
        var (json, raw) = await SplitAsync(answer);
        Assert.Contains("""{"name":"b","datatype":"UINT8","shape":[1],"parameters":{"shared_memory_region":"r","shared_memory_offset":3,"shared_memory_byte_size":1}}""", json);
        Assert.Contains("\"data\":[9]", json);
        Assert.Equal([1, 2], raw);
        Assert.Equal([1, 2, 3, 8], file.ReadAll());
    }

    [Theory]
    [InlineData("nobody", 0, 4, HttpStatusCode.NotFound, "Unable to find shared memory region: 'nobody'")]
    [InlineData("r", 4, 4, HttpStatusCode.BadRequest, "Invalid offset for shared memory region: 'r'")]
    [InlineData("r", 1, 4, HttpStatusCode.BadRequest, "Invalid offset + byte size for shared memory region: 'r'")]
    [InlineData("r", 0, 3, HttpStatusCode.BadRequest, "unexpected size for input 'x'")]
    public async Task Infer_InputThatDoesNotFit_IsRefused(string region, int offset, int size, HttpStatusCode status, string expected)
    {
        using var file = new SharedMemoryFile(4);
        await using var host = await StartAsync();
        await RegisterAsync(host, "r", file.Key, 0, 4);
        var answer = await host.Client.PostAsync(Infer, Json(Request("UINT8", "[4]", InRegion(region, offset, size)))).WaitAsync(Patience);
        Assert.Contains(expected, await HttpAssert.ErrorAsync(status, answer));
    }

    [Fact]
    public async Task Infer_OutputThatHasNoRoom_IsRefusedAndNothingIsWritten()
    {
        using var file = SharedMemoryFile.Of([1, 2, 3, 4]);
        await using var host = await StartAsync();
        await RegisterAsync(host, "r", file.Key, 0, 4);
        var request = Request("UINT8", "[2]", InRegion("r", 0, 2), InRegion("r", 2, 1));
        var answer = await host.Client.PostAsync(Infer, Json(request)).WaitAsync(Patience);
        Assert.Contains("(1 bytes) should be at least 2 bytes to hold the results", await HttpAssert.ErrorAsync(HttpStatusCode.BadRequest, answer));
        Assert.Equal([1, 2, 3, 4], file.ReadAll());
    }

    [Fact]
    public async Task Infer_ShortenedBetween_IsRefusedAndTheServerGoesOn()
    {
        using var file = new SharedMemoryFile(100_000);
        var engine = Engine();
        await using var host = await engine.StartAsync();
        await RegisterAsync(host, "r", file.Key, 0, 100_000);
        file.Truncate(10);
        var answer = await host.Client.PostAsync(Infer, Json(Request("UINT8", "[90000]", InRegion("r", 0, 90000)))).WaitAsync(Patience);
        Assert.Contains("was shortened", await HttpAssert.ErrorAsync(HttpStatusCode.BadRequest, answer));

        // And while the model runs, when the place of the output has been checked.
        file.Truncate(100_000);
        engine.Before = _ =>
        {
            file.Truncate(10);
            return Task.CompletedTask;
        };
        answer = await host.Client.PostAsync(Infer, Json(Request("UINT8", "[8]", InRegion("r", 0, 8), InRegion("r", 50_000, 8)))).WaitAsync(Patience);
        Assert.Contains("was shortened", await HttpAssert.ErrorAsync(HttpStatusCode.BadRequest, answer));
        Assert.Equal(10, file.ReadAll().Length);
        engine.Before = _ => Task.CompletedTask;
        file.Remove();
        await PostAsync(host, Infer, Request("UINT8", "[8]", InRegion("r", 0, 8)));
    }

    [Fact]
    public async Task Infer_WhileTheClientShortensAndGrowsTheMemory_EachIsAnsweredOrRefused()
    {
        const int Size = 1_000_000;
        using var file = new SharedMemoryFile(2 * Size);
        var engine = Engine();
        engine.Options.MaxRequestBytes = Size;
        await using var host = await engine.StartAsync();
        await RegisterAsync(host, "r", file.Key, 0, 2 * Size);
        using var done = new CancellationTokenSource();
        var vandal = Task.Run(() =>
        {
            for (var length = 0; !done.IsCancellationRequested; length = (length + 777_777) % (2 * Size))
            {
                file.Truncate(length);
                file.Truncate(2 * Size);
            }
        });
        var seen = new HashSet<HttpStatusCode>();
        for (var i = 0; i < 300; i++)
        {
            var request = Request("UINT8", $"[{Size}]", InRegion("r", 0, Size), InRegion("r", Size, Size));
            seen.Add((await host.Client.PostAsync(Infer, Json(request)).WaitAsync(Patience)).StatusCode);
        }

        await done.CancelAsync();
        await vandal.WaitAsync(Patience);
        Assert.Subset(new HashSet<HttpStatusCode> { HttpStatusCode.OK, HttpStatusCode.BadRequest }, seen);
        await PostAsync(host, Infer, Request("UINT8", "[8]", InRegion("r", 0, 8)));
    }

    [Fact]
    public async Task Infer_UnregisteredAndRemovedWhileItRuns_IsAnsweredIntoTheMemoryThatTheClientStillHas()
    {
        using var file = SharedMemoryFile.Of([1, 2, 0, 0]);
        using var clients = new FileStream("/dev/shm" + file.Key, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var engine = Engine();
        await using var host = await engine.StartAsync();
        await RegisterAsync(host, "r", file.Key, 0, 4);
        engine.Before = async _ =>
        {
            await PostAsync(host, System + "/unregister", "");
            file.Remove();
        };
        await PostAsync(host, Infer, Request("UINT8", "[2]", InRegion("r", 0, 2), InRegion("r", 2, 2)));
        var bytes = new byte[4];
        clients.ReadExactly(bytes);
        Assert.Equal([1, 2, 1, 2], bytes);
        Assert.Equal("[]", await GetAsync(host, System + "/status"));
    }

    private static FakeEngine Engine()
    {
        var engine = new FakeEngine();
        engine.Options.AllowSharedMemory = true;
        return engine;
    }

    private static Task<RestHost> StartAsync() => Engine().StartAsync();

    private static string InRegion(string region, int offset, int size) =>
        $$"""{"shared_memory_region":"{{region}}","shared_memory_offset":{{offset}},"shared_memory_byte_size":{{size}}}""";

    private static string Request(string type, string shape, string input, string? output = null) =>
        $$"""{"inputs":[{"name":"x","datatype":"{{type}}","shape":{{shape}},"parameters":{{input}}}]"""
        + (output is null ? "}" : $$""","outputs":[{"name":"x","parameters":{{output}}}]}""");

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    private static async Task<byte[]> ThroughBodyAsync(RestHost host, SampleTensor tensor)
    {
        var parameters = $$"""{"binary_data_size":{{tensor.Bytes.Length}}}""";
        var json = $$"""
            {"inputs":[{"name":"x","datatype":"{{tensor.Type.Name()}}","shape":{{tensor.ShapeText}},"parameters":{{parameters}} }],
             "parameters":{"binary_data_output":true} }
            """;
        return (await SplitAsync(await PostRawAsync(host, json, tensor.Bytes))).Raw;
    }

    private static async Task<HttpResponseMessage> PostRawAsync(RestHost host, string json, byte[] raw)
    {
        var text = Encoding.UTF8.GetBytes(json);
        var content = new ByteArrayContent([.. text, .. raw]);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        content.Headers.Add("Inference-Header-Content-Length", $"{text.Length}");
        var answer = await host.Client.PostAsync(Infer, content).WaitAsync(Patience);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return answer;
    }

    private static async Task<(string Json, byte[] Raw)> SplitAsync(HttpResponseMessage answer)
    {
        var body = await answer.Content.ReadAsByteArrayAsync().WaitAsync(Patience);
        var length = answer.Headers.TryGetValues("Inference-Header-Content-Length", out var header) ? int.Parse(header.Single()) : body.Length;
        return (Encoding.UTF8.GetString(body[..length]), body[length..]);
    }

    private static Task RegisterAsync(RestHost host, string region, string key, int offset, int size) =>
        PostAsync(host, $"{System}/region/{region}/register", $$"""{"key":"{{key}}","offset":{{offset}},"byte_size":{{size}}}""");

    private static async Task<string> PostAsync(RestHost host, string path, string body)
    {
        var answer = await host.Client.PostAsync(path, Json(body)).WaitAsync(Patience);
        var text = await answer.Content.ReadAsStringAsync().WaitAsync(Patience);
        Assert.True(answer.IsSuccessStatusCode, text);
        return text;
    }

    private static Task<string> GetAsync(RestHost host, string path) => host.Client.GetStringAsync(path).WaitAsync(Patience);
}
