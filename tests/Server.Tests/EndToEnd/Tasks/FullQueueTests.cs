using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;
using Google.Protobuf;
using Serving.Contracts.Inference;
using Serving.Server.Tests.Grpc;

namespace Serving.Server.Tests.EndToEnd.Tasks;

/// <summary>A queue that is full says so in every dialect's own words, and when to come again.</summary>
[Collection(SlowCollection.Name)]
public sealed class FullQueueTests(SlowServer server)
{
    private const string OneWord = """{"inputs":[{"name":"text","datatype":"BYTES","shape":[1],"data":["one"]}]}""";

    /// <summary>So long that a run outlasts some dozen small requests on any machine.</summary>
    private const int LongText = 150_000;

    /// <summary>How often the waiting request is seen, so that it waits for the long run and not for its own turn.</summary>
    private const int Sightings = 10;

    [Fact]
    public async Task Post_FullQueue_IsRefusedInEachDialect()
    {
        var (running, waiting) = await FillAsync();

        await RefusedAsync("/v2/models/full/infer", OneWord, 503, error => error.GetProperty("error").GetString());
        await RefusedAsync("/v1/models/full:predict", """{"instances":["one"]}""", 503, error => error.GetProperty("error").GetString());
        await RefusedAsync("/models/full", """{"inputs":"one"}""", 503, error => error.GetProperty("error").GetString());
        await RefusedAsync("/v1/embeddings", """{"model":"full","input":"one"}""", 429, error =>
        {
            Assert.Equal("rate_limit_error", error.GetProperty("error").GetProperty("type").GetString());
            Assert.Equal("rate_limit_exceeded", error.GetProperty("error").GetProperty("code").GetString());
            return error.GetProperty("error").GetProperty("message").GetString();
        });
        await RefusedAsync("/models/full/embed", """{"inputs":"one"}""", 429, error =>
        {
            Assert.Equal("Overloaded", error.GetProperty("error_type").GetString());
            return error.GetProperty("error").GetString();
        });
        await RefusedByGrpcAsync();
        Assert.Equal(1, await server.MeasureAsync("serving_queue_rows", "full.graph"));

        // Those that were let in are answered all the same.
        Assert.Equal((200, 200), ((int)(await running).StatusCode, (int)(await waiting).StatusCode));
    }

    [Theory]
    [InlineData("/models/full/embed", """{"inputs":["one","one one","one","one one one"]}""")]
    [InlineData("/v2/models/full.graph/infer", """{"inputs":[{"name":"input_ids","datatype":"INT64","shape":[5,1],"data":[1,2,3,4,5]}]}""")]
    public async Task Post_MoreRowsThanMayWait_DoesNotRefuseItself(string path, string json)
    {
        using var answer = await server.PostAsync(path, json);

        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync().WaitAsync(SlowServer.Patience));
    }

    /// <summary>A request that runs for long, and one that waits behind it.</summary>
    private async Task<(Task<HttpResponseMessage> Running, Task<HttpResponseMessage> Waiting)> FillAsync()
    {
        var running = server.PostAsync("/models/full", $$"""{"inputs":{{SlowServer.Words(LongText)}}}""");
        var waiting = server.PostAsync("/v2/models/full/infer", OneWord);
        for (var seen = 0; seen < Sightings;)
        {
            // The short one came before the long one's run, or the long one met it in the queue: once more.
            if (running.IsCompleted || waiting.IsCompleted)
            {
                Assert.True(!running.IsCompleted || (int)(await running).StatusCode is 200 or 503, "the long request failed");
                running = running.IsCompleted ? server.PostAsync("/models/full", $$"""{"inputs":{{SlowServer.Words(LongText)}}}""") : running;
                waiting = waiting.IsCompleted ? server.PostAsync("/v2/models/full/infer", OneWord) : waiting;
                seen = 0;
            }

            seen = await server.MeasureAsync("serving_queue_rows", "full.graph") == 1 ? seen + 1 : 0;
        }

        return (running, waiting);
    }

    private async Task RefusedAsync(string path, string json, int status, Func<JsonElement, string?> read)
    {
        using var answer = await server.PostAsync(path, json);
        using var body = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync().WaitAsync(SlowServer.Patience));

        Assert.Equal((path, status), (path, (int)answer.StatusCode));
        Assert.Equal("model 'full.graph' has 1 rows waiting; at most 1 may", read(body.RootElement));
        Assert.True(int.Parse(Assert.Single(answer.Headers.GetValues("Retry-After")), CultureInfo.InvariantCulture) >= 1);
    }

    private async Task RefusedByGrpcAsync()
    {
        var request = new ModelInferRequest { ModelName = "full" };
        request.Inputs.Add(new ModelInferRequest.Types.InferInputTensor { Name = "text", Datatype = "BYTES", Shape = { 1 } });
        var element = new byte[sizeof(int) + 3];
        BinaryPrimitives.WriteInt32LittleEndian(element, 3);
        "one"u8.CopyTo(element.AsSpan(sizeof(int)));
        request.RawInputContents.Add(ByteString.CopyFrom(element));
        using var client = new GrpcTestClient(server.Server.GrpcAddress);

        var reply = await client.CallAsync("/inference.GRPCInferenceService/ModelInfer", request);

        Assert.Equal((8, "model 'full.graph' has 1 rows waiting; at most 1 may"), (reply.Status, reply.Message));
        Assert.True(long.Parse(reply.GetMetadata("grpc-retry-pushback-ms")!, CultureInfo.InvariantCulture) >= 1);
    }
}
