using Google.Protobuf;
using Serving.Contracts.Inference;
using Serving.Runtime.Tensors;

namespace Serving.Server.Tests.Grpc.Infer.Streaming;

[Collection(Serial.Name)]
public class StreamMemoryTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Stream_ClientResets_StopsWhatIsInFlightAndGivesItsMemoryBack()
    {
        await using var host = await GrpcHost.StartAsync();
        var engine = new BusyEngine(host.Engine);
        var before = BufferPool.Shared.RentedBytes;
        using var call = new StreamedCall(host.Client);
        call.Send([.. Enumerable.Range(0, 10).Select(i => Request($"{i}"))]);
        await engine.ArrivedAsync("9");
        Assert.True(BufferPool.Shared.RentedBytes >= before + (10 * 200_000));

        call.Reset();

        using var patience = new CancellationTokenSource(Patience);
        while (engine.Held > 0 || BufferPool.Shared.RentedBytes > before)
        {
            patience.Token.ThrowIfCancellationRequested();
            await host.Client.CallAsync<ServerLiveResponse>("/inference.GRPCInferenceService/ServerLive", new ServerLiveRequest());
        }

        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"{i}"), engine.Cancelled.Order());
        Assert.Empty(host.Errors.Messages);
    }

    private static ModelInferRequest Request(string id) => new()
    {
        ModelName = "echo",
        Id = id,
        Inputs = { new ModelInferRequest.Types.InferInputTensor { Name = "x", Datatype = "FP32", Shape = { 1, 50_000 } } },
        RawInputContents = { ByteString.CopyFrom(new byte[200_000]) },
    };
}
