using Google.Protobuf;
using Serving.Contracts.Inference;
using Serving.Fuzz.Wire;

namespace Serving.Server.Tests.Grpc.Infer.Streaming;

/// <summary>Whatever is asked, a stream answers what ModelInfer answers, request by request.</summary>
public class StreamPropertyTests
{
    private const string Service = "/inference.GRPCInferenceService/";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Stream_RandomRequests_AnswersAsModelInferDoesInOrder(int seed)
    {
        await using var host = await GrpcHost.StartAsync();
        Disorder(host.Engine, new Random(seed));
        var messages = Messages(new Random(seed), 300);
        using var call = new StreamedCall(host.Client);
        messages.ForEach(call.SendMessage);
        call.Complete();

        var answers = await call.ReadAllAsync().WaitAsync(Patience);

        Assert.Equal((0, null), await call.StatusAsync());
        Assert.Equal(messages.Count, answers.Count);
        for (var i = 0; i < messages.Count; i++)
        {
            var reply = await host.Client.SendAsync(Service + "ModelInfer", new ByteArrayContent(GrpcTestClient.Frame(messages[i])));
            Assert.Equal(reply.Message ?? "", answers[i].ErrorMessage);
            if (reply.Status == 0)
            {
                Assert.True(answers[i].InferResponse.Parameters.Remove("triton_final_response"));
                Assert.Equal(reply.Parse<ModelInferResponse>(), answers[i].InferResponse);
            }
        }

        Assert.Contains(answers, answer => answer.ErrorMessage.Length == 0);
        Assert.Contains(answers, answer => answer.ErrorMessage.Length > 0);
    }

    [Fact]
    public async Task Stream_RealEngine_AnswersAsModelInferDoes()
    {
        await using var engine = await EchoEngine.StartAsync();
        await using var host = await GrpcHost.StartAsync(engine.Engine);
        var random = new Random(11);
        var requests = Enumerable.Range(0, 500).Select(i => Request(random, $"{i}", random.Next(10) == 0 ? "nobody" : "echo")).ToList();
        using var call = new StreamedCall(host.Client);
        call.Send([.. requests]);
        call.Complete();

        var answers = await call.ReadAllAsync().WaitAsync(Patience);

        Assert.Equal(requests.Select(request => request.Id), answers.Select(answer => answer.InferResponse.Id));
        foreach (var (request, answer) in requests.Zip(answers))
        {
            Assert.Equal(request.ModelName == "nobody", answer.ErrorMessage.Length > 0);
            Assert.Equal(request.ModelName == "nobody" ? [] : request.RawInputContents, answer.InferResponse.RawOutputContents);
        }
    }

    /// <summary>Answers come in another order than the requests.</summary>
    private static void Disorder(FakeEngine engine, Random random) => engine.Infer = async (request, _) =>
    {
        int turns;
        lock (random)
        {
            turns = random.Next(5);
        }

        for (; turns > 0; turns--)
        {
            await Task.Yield();
        }

        return await engine.Echo(request);
    };

    /// <summary>Peculiar but legal ones, plain ones for three models, and bytes that are none.</summary>
    private static List<byte[]> Messages(Random random, int count)
    {
        var odd = new RandomRequest(random);
        string[] models = ["echo", "echo", "echo", "tired", "nobody"];
        return [.. Enumerable.Range(0, count).Select(i => random.Next(10) switch
        {
            < 4 => odd.Next(),
            4 => Noise(random),
            _ => Request(random, $"{i}", models[random.Next(models.Length)]).ToByteArray(),
        })];
    }

    private static byte[] Noise(Random random)
    {
        var bytes = new byte[random.Next(40)];
        random.NextBytes(bytes);
        return bytes;
    }

    private static ModelInferRequest Request(Random random, string id, string model)
    {
        // Some longer than what stays in the pipe.
        var columns = random.Next(20) == 0 ? random.Next(20_000, 60_000) : random.Next(1, 50);
        var data = new byte[columns * sizeof(float)];
        random.NextBytes(data);
        return new ModelInferRequest
        {
            ModelName = model,
            Id = id,
            Inputs = { new ModelInferRequest.Types.InferInputTensor { Name = "x", Datatype = "FP32", Shape = { 1, columns } } },
            RawInputContents = { ByteString.CopyFrom(data) },
        };
    }
}
