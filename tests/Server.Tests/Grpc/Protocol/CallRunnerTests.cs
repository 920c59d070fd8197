using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Serving.Contracts.Health;
using Serving.Contracts.Inference;
using Serving.Runtime.Inference;
using Serving.Server.Grpc.Protocol;
using Serving.Server.Hosting;

namespace Serving.Server.Tests.Grpc.Protocol;

public class CallRunnerTests
{
    private const string Path = "/inference.GRPCInferenceService/ServerLive";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task RunAsync_UnaryCall_SendsMessageAndTrailers()
    {
        await using var host = await GrpcHost.StartAsync();

        var reply = await host.Client.CallAsync(Path, new ServerLiveRequest());

        Assert.Equal((HttpStatusCode.OK, 0), (reply.HttpStatus, reply.Status));
        Assert.False(reply.IsTrailersOnly);
        Assert.True(reply.Parse<ServerLiveResponse>().Live);
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/grpc-web")]
    [InlineData("application/grpc+json")]
    public async Task RunAsync_OtherContentType_Is415(string type)
    {
        await using var host = await GrpcHost.StartAsync();
        var body = new ByteArrayContent(GrpcTestClient.Frame([])) { Headers = { ContentType = new MediaTypeHeaderValue(type) } };

        var reply = await host.Client.SendAsync(Path, body);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, reply.HttpStatus);
    }

    [Fact]
    public async Task RunAsync_OlderHttp_IsToldToUpgrade()
    {
        var options = Options.Create(new ServingOptions());
        var runner = new CallRunner(TimeProvider.System, options, NullLogger<CallRunner>.Instance);
        var context = new DefaultHttpContext { Request = { Protocol = "HTTP/1.1", ContentType = "application/grpc" } };

        await runner.RunAsync(context, Method(_ => throw new InvalidOperationException("not to be called"))).AsTask().WaitAsync(Patience);

        Assert.Equal((426, "h2c"), (context.Response.StatusCode, context.Response.Headers.Upgrade.ToString()));
    }

    [Theory]
    [InlineData("application/grpc+proto")]
    [InlineData("application/grpc;charset=utf-8")]
    public async Task RunAsync_ContentTypeInOtherForm_IsAccepted(string type)
    {
        await using var host = await GrpcHost.StartAsync();
        var body = new ByteArrayContent(GrpcTestClient.Frame([])) { Headers = { ContentType = MediaTypeHeaderValue.Parse(type) } };

        Assert.Equal(0, (await host.Client.SendAsync(Path, body)).Status);
    }

    [Theory]
    [InlineData("/inference.GRPCInferenceService/ModelInfr", "service inference.GRPCInferenceService has no method 'ModelInfr'")]
    [InlineData("/some.Service/Do", "there is no service 'some.Service'; there are inference.GRPCInferenceService, ")]
    public async Task RunAsync_UnknownMethod_IsUnimplemented(string path, string message)
    {
        await using var host = await GrpcHost.StartAsync();

        var reply = await host.Client.CallAsync(path, new ServerLiveRequest());

        Assert.Equal((12, true), (reply.Status, reply.IsTrailersOnly));
        Assert.StartsWith(message, reply.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_UnknownPathWithoutGrpc_Is404()
    {
        await using var host = await GrpcHost.StartAsync();
        var body = new ByteArrayContent([]) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };

        Assert.Equal(HttpStatusCode.NotFound, (await host.Client.SendAsync("/some/path", body)).HttpStatus);
    }

    [Fact]
    public async Task RunAsync_UnknownEncoding_IsUnimplementedAndNamesTheKnown()
    {
        await using var host = await GrpcHost.StartAsync();

        var reply = await host.Client.CallAsync(Path, new ServerLiveRequest(), ("grpc-encoding", "snappy"));

        Assert.Equal((12, "identity,gzip,deflate"), (reply.Status, reply.GetMetadata("grpc-accept-encoding")));
        Assert.Equal("grpc-encoding 'snappy' is not supported; supported are identity,gzip,deflate", reply.Message);
    }

    [Fact]
    public async Task RunAsync_MalformedMessage_IsInvalidArgument()
    {
        await using var host = await GrpcHost.StartAsync();

        var reply = await host.Client.SendAsync(Path, new ByteArrayContent(GrpcTestClient.Frame([0x0A, 5, 1])));

        Assert.Equal((3, true), (reply.Status, reply.IsTrailersOnly));
        Assert.StartsWith("the request is not a valid protobuf message: ", reply.Message, StringComparison.Ordinal);
    }

    /// <summary>Found by tests/Fuzz: the sum of position and length exceeds 31 bits, and Google's parser reads outside of its buffer.</summary>
    [Fact]
    public async Task RunAsync_LengthThatOverflowsGooglesParser_IsInvalidArgumentAndNoFault()
    {
        await using var host = await GrpcHost.StartAsync();
        var message = Convert.FromHexString("0A01721AFFFFFFFF07");

        var reply = await host.Client.SendAsync("/inference.GRPCInferenceService/RepositoryModelLoad", new ByteArrayContent(GrpcTestClient.Frame(message)));

        Assert.Equal((3, "the request is not a valid protobuf message: a length exceeds the message"), (reply.Status, reply.Message));
    }

    [Fact]
    public async Task RunAsync_MessageOverTheLimit_IsResourceExhausted()
    {
        await using var host = await GrpcHost.StartAsync(options => options.MaxRequestBytes = 1024);

        var reply = await host.Client.SendAsync(Path, new ByteArrayContent(GrpcTestClient.Frame(new byte[2000])));

        Assert.Equal((8, "the message is 2000 bytes; the server accepts at most 1024 (option --max-request-bytes)"), (reply.Status, reply.Message));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    public async Task RunAsync_CompressedCall_IsAnsweredCompressed(string encoding)
    {
        await using var host = await GrpcHost.StartAsync();
        var body = new ByteArrayContent(GrpcTestClient.Frame(Compress(new ModelMetadataRequest { Name = "echo" }.ToByteArray(), encoding), compressed: true));

        var reply = await host.Client.SendAsync(
            "/inference.GRPCInferenceService/ModelMetadata", body, ("grpc-encoding", encoding), ("grpc-accept-encoding", "identity,deflate,gzip"));

        Assert.Equal((0, encoding), (reply.Status, reply.GetMetadata("grpc-encoding")));
        var (compressed, bytes) = Assert.Single(reply.Messages);
        Assert.True(compressed);
        Assert.Equal("echo", ModelMetadataResponse.Parser.ParseFrom(Decompress(bytes, encoding)).Name);
    }

    [Fact]
    public async Task RunAsync_HandlerThrows_IsInternalWithoutDetailsAndLogged()
    {
        var method = Method(_ => throw new InvalidOperationException("secret"));
        await using var host = await GrpcHost.StartAsync(null, method);

        var reply = await host.Client.CallAsync(method.Path, new HealthCheckRequest());

        Assert.Equal(13, reply.Status);
        Assert.DoesNotContain("secret", reply.Message, StringComparison.Ordinal);
        Assert.Equal("/test.Test/Do failed by an exception that nobody expected", Assert.Single(host.Errors.Messages));
    }

    [Fact]
    public async Task RunAsync_HandlerFails_SendsStatusMessageAndPushback()
    {
        var method = Method(_ => new(InferenceFailure.Overloaded("voll: 100 % größer") with { RetryAfter = TimeSpan.FromSeconds(1.5) }));
        await using var host = await GrpcHost.StartAsync(null, method);

        var reply = await host.Client.CallAsync(method.Path, new HealthCheckRequest());

        Assert.Equal((8, "voll: 100 % größer", "1500"), (reply.Status, reply.Message, reply.GetMetadata("grpc-retry-pushback-ms")));
        Assert.Empty(host.Errors.Messages);
    }

    [Fact]
    public async Task RunAsync_MalformedTimeout_IsInvalidArgument()
    {
        await using var host = await GrpcHost.StartAsync();

        var reply = await host.Client.CallAsync(Path, new ServerLiveRequest(), ("grpc-timeout", "5x"));

        Assert.Equal((3, "grpc-timeout '5x' is not up to eight digits and one of the units H, M, S, m, u, n"), (reply.Status, reply.Message));
    }

    [Fact]
    public async Task RunAsync_DeadlinePasses_IsAnsweredWhileTheHandlerStillRuns()
    {
        var running = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        var ended = new TaskCompletionSource<bool>();
        var method = Method(async call =>
        {
            running.SetResult();
            await release.Task;
            await call.WriteAsync(new ProtobufMessage(new HealthCheckResponse()), flush: true);
            ended.SetResult(call.CancellationToken.IsCancellationRequested);
            return null;
        });
        await using var host = await GrpcHost.StartAsync(null, method);
        var calling = host.Client.CallAsync(method.Path, new HealthCheckRequest(), ("grpc-timeout", "2S"));
        await running.Task.WaitAsync(Patience);

        host.Time.Advance(TimeSpan.FromSeconds(2));
        var reply = await calling;

        Assert.Equal((4, "the request's deadline has passed"), (reply.Status, reply.Message));
        Assert.Empty(reply.Messages);
        release.SetResult();
        Assert.True(await ended.Task.WaitAsync(Patience));
        Assert.Empty(host.Errors.Messages);
    }

    [Fact]
    public async Task RunAsync_DeadlinePassesWhileTheRequestComes_IsDeadlineExceeded()
    {
        await using var host = await GrpcHost.StartAsync();
        var body = new StreamedContent();
        var opening = host.Client.OpenAsync(Path, body, [("grpc-timeout", "3S")]);
        body.Send([0, 0]);
        await host.Time.WaitForTimerAsync().WaitAsync(Patience);

        host.Time.Advance(TimeSpan.FromSeconds(3));
        using var response = await opening;

        Assert.Equal(4, new GrpcReply(response, []).Status);
        body.Complete();
    }

    [Fact]
    public async Task RunAsync_DeadlinePassesBetweenMessages_EndsTheStream()
    {
        var method = Method(async call =>
        {
            await call.WriteAsync(new ProtobufMessage(new HealthCheckResponse()), flush: true);
            await Task.Delay(Timeout.Infinite, call.CancellationToken);
            return null;
        });
        await using var host = await GrpcHost.StartAsync(null, method);
        using var response = await host.Client.OpenAsync(
            method.Path, new ByteArrayContent(GrpcTestClient.Frame([])), [("grpc-timeout", "100m")]);

        host.Time.Advance(TimeSpan.FromSeconds(1));
        var reply = new GrpcReply(response, await response.Content.ReadAsByteArrayAsync().WaitAsync(Patience));

        Assert.Equal((4, false, 1), (reply.Status, reply.IsTrailersOnly, reply.Messages.Count));
    }

    [Fact]
    public async Task RunAsync_ClientResets_CancelsTheHandler()
    {
        var running = new TaskCompletionSource();
        var cancelled = new TaskCompletionSource();
        var method = Method(async call =>
        {
            using var registration = call.CancellationToken.Register(cancelled.SetResult);
            running.SetResult();
            await Task.Delay(Timeout.Infinite, call.CancellationToken);
            return null;
        });
        await using var host = await GrpcHost.StartAsync(null, method);
        using var reset = new CancellationTokenSource();
        var opening = host.Client.OpenAsync(method.Path, new ByteArrayContent(GrpcTestClient.Frame([])), [("grpc-timeout", "1H")], reset.Token);
        await running.Task.WaitAsync(Patience);

        await reset.CancelAsync();

        await cancelled.Task.WaitAsync(Patience);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => opening);
        Assert.Empty(host.Errors.Messages);
    }

    [Fact]
    public async Task RunAsync_DuplexCall_AnswersEachMessageAsItComes()
    {
        var method = RpcMethod.Duplex<HealthCheckRequest, HealthCheckResponse>("test.Test", "Do", HealthCheckRequest.Parser, async (_, requests, responses) =>
        {
            while (await requests.MoveNextAsync())
            {
                await responses.WriteAsync(new HealthCheckResponse { Status = (HealthCheckResponse.Types.ServingStatus)requests.Current.Service.Length });
            }

            return null;
        });
        await using var host = await GrpcHost.StartAsync(null, method);
        var body = new StreamedContent();
        var opening = host.Client.OpenAsync(method.Path, body, []);
        body.Send(GrpcTestClient.Frame(new HealthCheckRequest { Service = "a" }.ToByteArray()));
        using var response = await opening;
        var stream = await response.Content.ReadAsStreamAsync();
        var answer = new byte[7];

        await stream.ReadExactlyAsync(answer).AsTask().WaitAsync(Patience);
        Assert.Equal([0, 0, 0, 0, 2, 8, 1], answer);
        body.Send(GrpcTestClient.Frame(new HealthCheckRequest { Service = "ab" }.ToByteArray()));
        await stream.ReadExactlyAsync(answer).AsTask().WaitAsync(Patience);
        Assert.Equal(2, answer[6]);
        body.Complete();

        Assert.Equal(0, await stream.ReadAsync(answer).AsTask().WaitAsync(Patience));
        Assert.Equal(0, new GrpcReply(response, []).Status);
    }

    [Fact]
    public async Task RunAsync_DuplexCallWithBrokenMessage_EndsWithTheReadersFailure()
    {
        await using var host = await GrpcHost.StartAsync();

        var reply = await host.Client.SendAsync("/grpc.reflection.v1.ServerReflection/ServerReflectionInfo", new ByteArrayContent([7, 0, 0, 0, 0]));

        Assert.Equal((3, "the message's first byte is 7; it must be 0 (plain) or 1 (compressed)"), (reply.Status, reply.Message));
    }

    private static RpcMethod Method(Func<RpcCall, ValueTask<InferenceFailure?>> invoke) => new("test.Test", "Do", IsStreaming: false, invoke);

    private static byte[] Compress(byte[] body, string encoding)
    {
        var compressed = new MemoryStream();
        using (Stream stream = encoding == "gzip" ? new GZipStream(compressed, CompressionMode.Compress) : new ZLibStream(compressed, CompressionMode.Compress))
        {
            stream.Write(body);
        }

        return compressed.ToArray();
    }

    private static byte[] Decompress(byte[] body, string encoding)
    {
        var source = new MemoryStream(body);
        using Stream stream = encoding == "gzip" ? new GZipStream(source, CompressionMode.Decompress) : new ZLibStream(source, CompressionMode.Decompress);
        var plain = new MemoryStream();
        stream.CopyTo(plain);
        return plain.ToArray();
    }
}
