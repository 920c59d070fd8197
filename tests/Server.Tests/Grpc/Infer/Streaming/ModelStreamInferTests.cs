using Google.Protobuf;
using Serving.Contracts.Inference;

namespace Serving.Server.Tests.Grpc.Infer.Streaming;

public class ModelStreamInferTests
{
    private const int MostInFlight = 64;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Stream_ClosedAtOnce_SucceedsWithoutAnAnswer()
    {
        await using var host = await GrpcHost.StartAsync();
        using var call = new StreamedCall(host.Client);

        call.Complete();

        Assert.Empty(await call.ReadAllAsync());
        Assert.Equal((0, null), await call.StatusAsync());
    }

    [Fact]
    public async Task Stream_ConversationWithinOneCall_IsAnsweredEachTime()
    {
        await using var host = await GrpcHost.StartAsync();
        using var call = new StreamedCall(host.Client);
        foreach (var id in (string[])["a", "b", "c"])
        {
            call.Send(Request(id));

            var answer = await call.ReadAsync();

            Assert.Equal(("", "echo", "3", id), (answer!.ErrorMessage, answer.InferResponse.ModelName, answer.InferResponse.ModelVersion, answer.InferResponse.Id));
            Assert.Equal(Request(id).RawInputContents, answer.InferResponse.RawOutputContents);
        }

        call.Complete();
        Assert.Null(await call.ReadAsync());
        Assert.Equal((0, null), await call.StatusAsync());
    }

    [Fact]
    public async Task Stream_AnyAnswer_IsMarkedAsItsRequestsLast()
    {
        await using var host = await GrpcHost.StartAsync();
        using var call = new StreamedCall(host.Client);
        var asking = Request("asks");
        asking.Parameters["triton_enable_empty_final_response"] = new InferParameter { BoolParam = true };
        asking.Parameters["sequence_id"] = new InferParameter { Int64Param = 7 };
        asking.Parameters["sequence_start"] = new InferParameter { BoolParam = true };

        call.Send(asking, Request("does not"), Bad("fails"));
        call.Complete();

        var answers = await call.ReadAllAsync();
        Assert.Equal(3, answers.Count);
        Assert.All(answers, answer => Assert.True(Assert.Single(answer.InferResponse.Parameters, p => p.Key == "triton_final_response").Value.BoolParam));
    }

    [Fact]
    public async Task Stream_SeveralRequests_RunTogetherAndAreAnsweredInOrder()
    {
        await using var host = await GrpcHost.StartAsync();
        var engine = new BusyEngine(host.Engine);
        using var call = new StreamedCall(host.Client);

        call.Send(Request("1"), Request("2"), Request("3"));
        call.Complete();
        await Task.WhenAll(engine.ArrivedAsync("1"), engine.ArrivedAsync("2"), engine.ArrivedAsync("3"));
        engine.Release("3");
        engine.Release("2");
        engine.Release("1");

        Assert.Equal(["1", "2", "3"], (await call.ReadAllAsync()).Select(answer => answer.InferResponse.Id));
        Assert.Equal(0, engine.Held);
    }

    [Fact]
    public async Task Stream_Failures_AreToldInBandWithTheirRequest()
    {
        await using var host = await GrpcHost.StartAsync();
        using var call = new StreamedCall(host.Client);
        var versioned = Request("who", "nobody");
        versioned.ModelVersion = "9";

        call.Send(Bad("bad"), versioned, Request("good"));
        call.SendMessage([0x0A, 200]);
        call.Send(Request("after"));
        call.Complete();

        var answers = await call.ReadAllAsync();
        Assert.Equal(
            [("bad", "echo", ""), ("who", "nobody", "9"), ("good", "echo", "3"), ("", "", ""), ("after", "echo", "3")],
            answers.Select(answer => (answer.InferResponse.Id, answer.InferResponse.ModelName, answer.InferResponse.ModelVersion)));
        Assert.StartsWith("expected one entry of raw_input_contents", answers[0].ErrorMessage, StringComparison.Ordinal);
        Assert.StartsWith("Request for unknown model: 'nobody'", answers[1].ErrorMessage, StringComparison.Ordinal);
        Assert.Equal(("", ""), (answers[2].ErrorMessage, answers[4].ErrorMessage));
        Assert.StartsWith("the request is not a valid ModelInferRequest", answers[3].ErrorMessage, StringComparison.Ordinal);
        Assert.Equal((0, null), await call.StatusAsync());
    }

    [Fact]
    public async Task Stream_FailureWhereStatusesAreWanted_EndsItAfterTheAnswersBefore()
    {
        await using var host = await GrpcHost.StartAsync();
        var engine = new BusyEngine(host.Engine);
        using var call = new StreamedCall(host.Client, ("triton_grpc_error", "true"));

        call.Send(Request("before"), Bad("bad"), Request("after"));
        await engine.ArrivedAsync("after");
        engine.Release("before");

        Assert.Equal("before", (await call.ReadAsync())!.InferResponse.Id);
        Assert.Null(await call.ReadAsync());
        var (status, message) = await call.StatusAsync();
        Assert.Equal(3, status);
        Assert.StartsWith("expected one entry of raw_input_contents", message, StringComparison.Ordinal);
        Assert.Equal(["after"], engine.Cancelled);
        Assert.Equal(0, engine.Held);
    }

    [Fact]
    public async Task Stream_MessageOverTheLimit_EndsItAfterTheAnswersBefore()
    {
        await using var host = await GrpcHost.StartAsync(options => options.MaxRequestBytes = 10_000);
        using var call = new StreamedCall(host.Client);

        call.Send(Request("small"));
        call.SendBytes([0, 0, 1, 0, 0]);

        Assert.Equal("small", (await call.ReadAsync())!.InferResponse.Id);
        Assert.Null(await call.ReadAsync());
        Assert.Equal(8, (await call.StatusAsync()).Status);
    }

    [Fact]
    public async Task Stream_CutOffInAMessage_IsInvalid()
    {
        await using var host = await GrpcHost.StartAsync();
        using var call = new StreamedCall(host.Client);

        call.SendBytes([0, 0, 0, 0, 9, 1]);
        call.Complete();

        Assert.Null(await call.ReadAsync());
        Assert.Equal((3, "the request ends in the middle of a message: 1 of 9 bytes came"), await call.StatusAsync());
    }

    [Fact]
    public async Task Stream_EngineThrows_EndsWithInternalAndIsLogged()
    {
        await using var host = await GrpcHost.StartAsync();
        host.Engine.Infer = (_, _) => throw new InvalidOperationException("a bug");
        using var call = new StreamedCall(host.Client);

        call.Send(Request("1"), Request("2"));

        Assert.Null(await call.ReadAsync());
        Assert.Equal(13, (await call.StatusAsync()).Status);
        Assert.NotEmpty(host.Errors.Messages);
    }

    [Fact]
    public async Task Stream_Deadline_EndsItAndStopsWhatIsInFlight()
    {
        await using var host = await GrpcHost.StartAsync();
        var engine = new BusyEngine(host.Engine);
        using var call = new StreamedCall(host.Client, ("grpc-timeout", "5S"));
        call.Send(Request("1"), Request("2"));
        await engine.ArrivedAsync("2");

        host.Time.Advance(TimeSpan.FromSeconds(5));

        Assert.Null(await call.ReadAsync());
        Assert.Equal(4, (await call.StatusAsync()).Status);
        await UntilAsync(host, () => engine.Held == 0);
        Assert.Equal(["1", "2"], engine.Cancelled.Order());
    }

    [Fact]
    public async Task Stream_TimeoutParameter_IsThatRequestsAlone()
    {
        await using var host = await GrpcHost.StartAsync();
        var engine = new BusyEngine(host.Engine);
        using var call = new StreamedCall(host.Client, ("grpc-timeout", "5S"));
        var hasty = Request("hasty");
        hasty.Parameters["timeout"] = new InferParameter { Int64Param = 1_000_000 };

        call.Send(hasty, Request("patient"));
        await engine.ArrivedAsync("patient");

        Assert.Equal([1, 5], engine.Requests.Select(request => host.Time.GetElapsedTime(request.Received, request.Deadline).TotalSeconds));
        host.Time.Advance(TimeSpan.FromSeconds(2));
        engine.Release("hasty");
        engine.Release("patient");
        call.Complete();
        Assert.Equal(2, (await call.ReadAllAsync()).Count);
        Assert.Equal((0, null), await call.StatusAsync());
    }

    [Fact]
    public async Task Stream_ClientThatDoesNotRead_IsNotReadAnyFurther()
    {
        const int Sent = 1000;
        await using var host = await GrpcHost.StartAsync();
        var engine = new BusyEngine(host.Engine);
        using var call = new StreamedCall(host.Client);
        for (var i = 0; i < Sent; i++)
        {
            engine.Release($"{i}");
            call.Send(Request($"{i}", size: 40_000));
        }

        // Each answer is as large as the window that HTTP/2 starts with, so that the first ones already stop the writer.
        call.Complete();
        await engine.ArrivedAsync($"{MostInFlight - 1}");
        for (var i = 0; i < 100; i++)
        {
            await host.Client.CallAsync<ServerLiveResponse>("/inference.GRPCInferenceService/ServerLive", new ServerLiveRequest());
        }

        Assert.InRange(engine.Requests.Count, MostInFlight, Sent - 1);
        Assert.InRange(engine.MostHeld, 1, MostInFlight);

        Assert.Equal(Enumerable.Range(0, Sent).Select(i => $"{i}"), (await call.ReadAllAsync()).Select(answer => answer.InferResponse.Id));
        Assert.InRange(engine.MostHeld, 1, MostInFlight);
        Assert.Equal(0, engine.Held);
    }

    [Fact]
    public async Task Stream_MessagesThatFillTheLimitTogether_AreNotReadBeforeOthersLeave()
    {
        await using var host = await GrpcHost.StartAsync(options => options.MaxRequestBytes = 100_000);
        var engine = new BusyEngine(host.Engine);
        using var call = new StreamedCall(host.Client);

        call.Send(Request("1", size: 60_000), Request("2", size: 60_000), Request("3", size: 60_000));
        call.Complete();
        await engine.ArrivedAsync("2");
        await host.Client.CallAsync<ServerLiveResponse>("/inference.GRPCInferenceService/ServerLive", new ServerLiveRequest());
        Assert.Equal(2, engine.Requests.Count);
        engine.Release("1");
        await engine.ArrivedAsync("3");
        engine.Release("2");
        engine.Release("3");

        Assert.Equal(3, (await call.ReadAllAsync()).Count);
    }

    [Fact]
    public async Task Stream_ServerStops_AnswersWhatItHasReadAndEnds()
    {
        await using var host = await GrpcHost.StartAsync();
        var engine = new BusyEngine(host.Engine);
        using var call = new StreamedCall(host.Client);
        call.Send(Request("1"), Request("2"));
        await engine.ArrivedAsync("2");

        host.Lifetime.StopApplication();
        engine.Release("1");
        engine.Release("2");

        Assert.Equal(["1", "2"], (await call.ReadAllAsync()).Select(answer => answer.InferResponse.Id));
        Assert.Equal(14, (await call.StatusAsync()).Status);
    }

    [Fact]
    public async Task Stream_IdleWhenTheServerStops_EndsAtOnce()
    {
        await using var host = await GrpcHost.StartAsync();
        using var call = new StreamedCall(host.Client);
        call.Send(Request("1"));
        Assert.NotNull(await call.ReadAsync());

        host.Lifetime.StopApplication();

        Assert.Null(await call.ReadAsync());
        Assert.Equal(14, (await call.StatusAsync()).Status);
    }

    /// <summary>Asks again and again, each time after another call has gone to the server and back.</summary>
    private static async Task UntilAsync(GrpcHost host, Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!condition())
        {
            patience.Token.ThrowIfCancellationRequested();
            await host.Client.CallAsync<ServerLiveResponse>("/inference.GRPCInferenceService/ServerLive", new ServerLiveRequest());
        }
    }

    private static ModelInferRequest Bad(string id)
    {
        var request = Request(id);
        request.RawInputContents.Add(ByteString.Empty);
        return request;
    }

    private static ModelInferRequest Request(string id, string model = "echo", int size = 8) => new()
    {
        ModelName = model,
        Id = id,
        Inputs = { new ModelInferRequest.Types.InferInputTensor { Name = "x", Datatype = "FP32", Shape = { 1, size / 4 } } },
        RawInputContents = { ByteString.CopyFrom([.. Enumerable.Range(0, size).Select(i => (byte)(i + id.Length))]) },
    };
}
