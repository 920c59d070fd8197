using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Google.Protobuf;
using Serving.Contracts.Inference;
using Serving.Server.Tests.Grpc;

namespace Serving.Server.Tests.EndToEnd.Hostile;

/// <summary>
/// Clients that hold on to what they can: whatever they do, inference goes on as before, and afterwards no tensor memory is in use.
/// </summary>
[Collection(HostileCollection.Name)]
public sealed class HostileClientsTests
{
    private const int Clients = 50;
    private const int Announced = 100_000_000;

    /// <summary>What a client may make the server hold of a body of which only a few bytes came.</summary>
    private const int FirstBlock = 64 * 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task SlowBodies_AnnouncedLarge_HoldLittleAndAreCutOff()
    {
        using var server = await AttackedServer.StartAsync("2s");
        var before = await server.MedianAsync();
        using var stop = new CancellationTokenSource();
        var connections = new List<TcpClient>();
        for (var i = 0; i < Clients; i++)
        {
            connections.Add(await AttackedServer.ConnectAsync(server.Rest));
        }

        var answers = connections.Select(client => SendSlowlyAsync(client, $"POST /v2/models/echo/infer HTTP/1.1\r\nHost: x\r\nContent-Length: {Announced}\r\n\r\n{{", stop.Token)).ToList();
        using var grpc = new GrpcTestClient(server.Grpc);
        var slow = Enumerable.Range(0, Clients).Select(_ => grpc.SendAsync(
            "/inference.GRPCInferenceService/ModelInfer", new TrickledContent(Prefix(Announced), stop.Token))).ToList();

        await AttackedServer.UntilAsync(server.RentedAsync, rented => rented > 0, "bodies that came to the server");
        Assert.InRange(await server.RentedAsync(), 1, 2 * Clients * FirstBlock * 1.25);
        await AssertAsUsualAsync(server, before);

        Assert.All(await Task.WhenAll(answers).WaitAsync(Patience), answer =>
        {
            Assert.StartsWith("HTTP/1.1 408 ", answer, StringComparison.Ordinal);
            Assert.Contains("took longer than 2 s (option --transfer-timeout)", answer, StringComparison.Ordinal);
        });
        Assert.All(await Task.WhenAll(slow).WaitAsync(Patience), reply => Assert.Equal(4, reply.Status));
        await stop.CancelAsync();
        connections.ForEach(client => client.Dispose());
        await AssertNothingHeldAsync(server);
    }

    [Fact]
    public async Task SlowHeaders_ByteByByte_AreCutOff()
    {
        using var server = await AttackedServer.StartAsync("30s");
        var before = await server.MedianAsync();
        using var stop = new CancellationTokenSource();
        var connections = new List<TcpClient>();
        for (var i = 0; i < Clients; i++)
        {
            connections.Add(await AttackedServer.ConnectAsync(server.Rest));
        }

        var answers = connections.Select(client => SendSlowlyAsync(client, "GET /v2 HTTP/1.1\r\nX-Slow: ", stop.Token)).ToList();
        await AssertAsUsualAsync(server, before);

        Assert.All(await Task.WhenAll(answers).WaitAsync(Patience), answer => Assert.StartsWith("HTTP/1.1 408 ", answer, StringComparison.Ordinal));
        await stop.CancelAsync();
        connections.ForEach(client => client.Dispose());
        await AssertNothingHeldAsync(server);
    }

    [Fact]
    public async Task NeverReading_LargeAnswers_AreGivenUp()
    {
        using var server = await AttackedServer.StartAsync("3s");
        var before = await server.MedianAsync();
        await LeaveUnreadAsync(server, before);
        var resident = server.ResidentBytes();

        for (var i = 0; i < 3; i++)
        {
            await LeaveUnreadAsync(server, before);
        }

        Assert.InRange(server.ResidentBytes(), 0, resident * 1.3);
    }

    [Fact]
    public async Task SlowlyReading_FastEnough_GetsTheWholeAnswer()
    {
        using var server = await AttackedServer.StartAsync("2s");
        var body = AttackedServer.WideRequest(rows: 4);
        using var client = await AttackedServer.ConnectAsync(server.Rest);
        client.ReceiveBufferSize = 16 * 1024;
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"POST /v2/models/wide/infer HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {body.Length}\r\n\r\n{body}"));

        var (total, buffer, start) = (0L, new byte[64 * 1024], Stopwatch.GetTimestamp());
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        for (var read = 1; read > 0; total += read)
        {
            await pace.WaitForNextTickAsync().AsTask().WaitAsync(Patience);
            read = await stream.ReadAsync(buffer).AsTask().WaitAsync(Patience);
        }

        Assert.InRange(total, 16_000_000, 16_001_000);
        Assert.True(Stopwatch.GetElapsedTime(start) > TimeSpan.FromSeconds(2), "the answer was read faster than the server's patience for a piece");
    }

    [Fact]
    public async Task GoneInMidUpload_Connections_LeaveNothing()
    {
        using var server = await AttackedServer.StartAsync("30s");
        var before = await server.MedianAsync();
        var connections = new List<TcpClient>();
        for (var i = 0; i < Clients; i++)
        {
            var client = await AttackedServer.ConnectAsync(server.Rest);
            connections.Add(client);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"POST /v2/models/echo/infer HTTP/1.1\r\nHost: x\r\nContent-Length: {Announced}\r\n\r\n"));
            await client.GetStream().WriteAsync(new byte[1_000_000]);
        }

        var grpc = new GrpcTestClient(server.Grpc);
        using var stop = new CancellationTokenSource();
        var half = Prefix(Announced).Concat(new byte[1_000_000]).ToArray();
        var slow = Enumerable.Range(0, Clients).Select(_ => grpc.SendAsync("/inference.GRPCInferenceService/ModelInfer", new TrickledContent(half, stop.Token))).ToList();
        await AttackedServer.UntilAsync(server.RentedAsync, rented => rented >= 2 * Clients * 1_000_000, "bodies that came to the server");

        foreach (var client in connections)
        {
            // Without waiting for what was sent: the connection is reset.
            client.LingerState = new LingerOption(true, 0);
            client.Dispose();
        }

        grpc.Dispose();
        await AssertNothingHeldAsync(server);
        await AssertAsUsualAsync(server, before);
        await stop.CancelAsync();
        await Task.WhenAll(slow).ContinueWith(_ => { }, TaskScheduler.Default).WaitAsync(Patience);
    }

    /// <summary>Asks for 160 MB of answers over each protocol, reads none of them and waits until the server has let go.</summary>
    private static async Task LeaveUnreadAsync(AttackedServer server, TimeSpan before)
    {
        const int Unread = 5;
        var body = AttackedServer.WideRequest(rows: 8);
        var connections = new List<TcpClient>();
        for (var i = 0; i < Unread; i++)
        {
            var client = await AttackedServer.ConnectAsync(server.Rest);
            connections.Add(client);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"POST /v2/models/wide/infer HTTP/1.1\r\nHost: x\r\nContent-Length: {body.Length}\r\n\r\n{body}"));
        }

        using var grpc = new GrpcTestClient(server.Grpc);
        var unread = Enumerable.Range(0, Unread).Select(_ => grpc.OpenAsync(
            "/inference.GRPCInferenceService/ModelInfer", new ByteArrayContent(GrpcTestClient.Frame(Wide(rows: 8))), [])).ToList();
        await AttackedServer.UntilAsync(server.ActiveRequestsAsync, active => active > 2 * Unread, "requests whose answers nobody reads");
        await AssertAsUsualAsync(server, before);

        await AttackedServer.UntilAsync(server.ActiveRequestsAsync, active => active == 1, "requests that have not ended besides the scrape");
        await AssertNothingHeldAsync(server);
        connections.ForEach(client => client.Dispose());
        foreach (var answer in await Task.WhenAll(unread).WaitAsync(Patience))
        {
            answer.Dispose();
        }
    }

    private static byte[] Prefix(int length)
    {
        var prefix = new byte[5];
        BinaryPrimitives.WriteInt32BigEndian(prefix.AsSpan(1), length);
        return prefix;
    }

    private static byte[] Wide(int rows) => new ModelInferRequest
    {
        ModelName = "wide",
        Inputs = { new ModelInferRequest.Types.InferInputTensor { Name = "x", Datatype = "FP32", Shape = { rows, 1 } } },
        RawInputContents = { ByteString.CopyFrom(new byte[rows * sizeof(float)]) },
    }.ToByteArray();

    /// <summary>Sends a beginning and then a letter now and then, until the server answers.</summary>
    private static async Task<string> SendSlowlyAsync(TcpClient client, string beginning, CancellationToken stop)
    {
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(beginning), CancellationToken.None);
        var sending = TrickleAsync(stream, stop);
        var answer = await new StreamReader(stream, Encoding.ASCII).ReadToEndAsync(CancellationToken.None).WaitAsync(Patience, CancellationToken.None);
        client.Close();
        await sending.WaitAsync(Patience, CancellationToken.None);
        return answer;
    }

    private static async Task TrickleAsync(Stream target, CancellationToken stop)
    {
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        try
        {
            while (await pace.WaitForNextTickAsync(stop))
            {
                await target.WriteAsync(" "u8.ToArray(), stop);
                await target.FlushAsync(stop);
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The server has had enough, or the test has.
        }
    }

    /// <summary>As fast as before, but for what the machine's other work may cost.</summary>
    private static async Task AssertAsUsualAsync(AttackedServer server, TimeSpan before)
    {
        var now = await server.MedianAsync();
        Assert.True(now < (before * 5) + TimeSpan.FromMilliseconds(20), string.Create(CultureInfo.InvariantCulture, $"inference took {before} before and {now} now"));
    }

    private static Task AssertNothingHeldAsync(AttackedServer server) =>
        AttackedServer.UntilAsync(server.RentedAsync, rented => rented == 0, "tensor memory in use");

    /// <summary>A body that begins and does not end.</summary>
    private sealed class TrickledContent(byte[] beginning, CancellationToken stop) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context)
        {
            await stream.WriteAsync(beginning, stop);
            await stream.FlushAsync(stop);
            await TrickleAsync(stream, stop);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
