using Google.Protobuf;
using Serving.Contracts.Health;
using Serving.Runtime.Inference;
using Status = Serving.Contracts.Health.HealthCheckResponse.Types.ServingStatus;

namespace Serving.Server.Tests.Grpc;

public class HealthServiceTests
{
    private const string Check = "/grpc.health.v1.Health/Check";
    private const string Watch = "/grpc.health.v1.Health/Watch";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData("", Status.Serving)]
    [InlineData("inference.GRPCInferenceService", Status.Serving)]
    [InlineData("grpc.health.v1.Health", Status.Serving)]
    [InlineData("echo", Status.Serving)]
    [InlineData("tired", Status.NotServing)]
    public async Task Check_KnownName_TellsReadiness(string service, Status expected)
    {
        await using var host = await GrpcHost.StartAsync();

        var response = await host.Client.CallAsync<HealthCheckResponse>(Check, new HealthCheckRequest { Service = service });

        Assert.Equal(expected, response.Status);
    }

    [Fact]
    public async Task Check_EngineNotReady_IsNotServing()
    {
        await using var host = await GrpcHost.StartAsync();
        host.Engine.IsReady = false;

        Assert.Equal(Status.NotServing, (await host.Client.CallAsync<HealthCheckResponse>(Check, new HealthCheckRequest())).Status);
    }

    [Theory]
    [InlineData("")]
    [InlineData("echo")]
    public async Task Check_Draining_IsNotServing(string service)
    {
        await using var host = await GrpcHost.StartAsync();
        host.Drain.Begin();

        Assert.Equal(Status.NotServing, (await host.Client.CallAsync<HealthCheckResponse>(Check, new HealthCheckRequest { Service = service })).Status);
    }

    [Fact]
    public async Task Check_UnknownName_IsNotFound()
    {
        await using var host = await GrpcHost.StartAsync();

        var reply = await host.Client.CallAsync(Check, new HealthCheckRequest { Service = "nobody" });

        Assert.Equal((5, "'nobody' is neither a service nor a model of this server"), (reply.Status, reply.Message));
    }

    [Fact]
    public async Task Watch_ModelChangesAndServerDrains_SendsEachStatusOnce()
    {
        await using var host = await GrpcHost.StartAsync();
        using var response = await OpenAsync(host, "echo");
        var stream = await response.Content.ReadAsStreamAsync();
        Assert.Equal(Status.Serving, await NextAsync(stream));

        host.Engine.EchoFailure = InferenceFailure.NotReady("reloading");
        host.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(Status.NotServing, await NextAsync(stream));
        host.Engine.EchoFailure = InferenceFailure.NotFound("gone");
        host.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(Status.ServiceUnknown, await NextAsync(stream));
        host.Engine.EchoFailure = null;
        host.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(Status.Serving, await NextAsync(stream));
        host.Drain.Begin();
        Assert.Equal(Status.NotServing, await NextAsync(stream));

        await AssertEndedAsync(response, stream);
    }

    [Fact]
    public async Task Watch_NotServingAndServerDrains_EndsWithoutRepeating()
    {
        await using var host = await GrpcHost.StartAsync();
        using var response = await OpenAsync(host, "tired");
        var stream = await response.Content.ReadAsStreamAsync();
        Assert.Equal(Status.NotServing, await NextAsync(stream));

        host.Drain.Begin();

        await AssertEndedAsync(response, stream);
    }

    private static Task<HttpResponseMessage> OpenAsync(GrpcHost host, string service) =>
        host.Client.OpenAsync(Watch, new ByteArrayContent(GrpcTestClient.Frame(new HealthCheckRequest { Service = service }.ToByteArray())), []);

    private static async Task<Status> NextAsync(Stream stream)
    {
        var frame = new byte[7];
        await stream.ReadExactlyAsync(frame).AsTask().WaitAsync(Patience);
        return HealthCheckResponse.Parser.ParseFrom(frame, 5, 2).Status;
    }

    private static async Task AssertEndedAsync(HttpResponseMessage response, Stream stream)
    {
        Assert.Equal(0, await stream.ReadAsync(new byte[1]).AsTask().WaitAsync(Patience));
        Assert.Equal(0, new GrpcReply(response, []).Status);
    }
}
