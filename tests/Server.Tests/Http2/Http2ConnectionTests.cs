using Microsoft.AspNetCore.Http;
using Serving.Server.Http2;
using Serving.Server.Http2.Frames;
using static Serving.Server.Tests.Http2.RawConnection;

namespace Serving.Server.Tests.Http2;

public sealed class Http2ConnectionTests
{
    private const FrameFlags Whole = FrameFlags.EndHeaders | FrameFlags.EndStream;
    private static readonly TimeSpan Patience = Http2TestServer.Patience;

    public static TheoryData<string, int, byte[]> Violations => new()
    {
        { "DATA for the connection", (int)Http2Error.Protocol, Frame(FrameType.Data, 0, 0, 1) },
        { "DATA for a stream that has not begun", (int)Http2Error.Protocol, Frame(FrameType.Data, 0, 5, 1) },
        { "padding beyond the frame", (int)Http2Error.Protocol, [.. Frame(FrameType.Headers, FrameFlags.EndHeaders, 1, Request("POST", "/echo")), .. Frame(FrameType.Data, FrameFlags.Padded, 1, 9, 1)] },
        { "HEADERS for the connection", (int)Http2Error.Protocol, Frame(FrameType.Headers, Whole, 0, Request("GET", "/hello")) },
        { "HEADERS for an even stream", (int)Http2Error.Protocol, Frame(FrameType.Headers, Whole, 2, Request("GET", "/hello")) },
        { "padding of HEADERS beyond the frame", (int)Http2Error.Protocol, Frame(FrameType.Headers, Whole | FrameFlags.Padded, 1, 9, 1) },
        { "a block that is interrupted", (int)Http2Error.Protocol, [.. Frame(FrameType.Headers, FrameFlags.EndStream, 1, Request("GET", "/hello")), .. Frame(FrameType.Ping, 0, 0, new byte[8])] },
        { "a block that goes on for another stream", (int)Http2Error.Protocol, [.. Frame(FrameType.Headers, FrameFlags.EndStream, 1, Request("GET", "/hello")), .. Frame(FrameType.Continuation, FrameFlags.EndHeaders, 3)] },
        { "CONTINUATION of nothing", (int)Http2Error.Protocol, Frame(FrameType.Continuation, FrameFlags.EndHeaders, 1) },
        { "any number of empty CONTINUATIONs", (int)Http2Error.EnhanceYourCalm, [.. Frame(FrameType.Headers, FrameFlags.EndStream, 1), .. Enumerable.Repeat(Frame(FrameType.Continuation, 0, 1), 100).SelectMany(frame => frame)] },
        { "an endless block", (int)Http2Error.EnhanceYourCalm, [.. Frame(FrameType.Headers, FrameFlags.EndStream, 1), .. Frame(FrameType.Continuation, 0, 1, new byte[40_000])] },
        { "a block that is not HPACK", (int)Http2Error.Compression, Frame(FrameType.Headers, Whole, 1, 0xff, 0xff, 0xff) },
        { "a field that nobody has sent", (int)Http2Error.Compression, Frame(FrameType.Headers, Whole, 1, 0xbe) },
        { "a frame that is too long", (int)Http2Error.FrameSize, [0x10, 0, 1, 0, 0, 0, 0, 0, 1] },
        { "a PING that is too short", (int)Http2Error.FrameSize, Frame(FrameType.Ping, 0, 0, 1, 2, 3) },
        { "a PING of a stream", (int)Http2Error.Protocol, Frame(FrameType.Ping, 0, 1, new byte[8]) },
        { "SETTINGS of half an entry", (int)Http2Error.FrameSize, Frame(FrameType.Settings, 0, 0, 1, 2, 3) },
        { "SETTINGS that acknowledges something", (int)Http2Error.FrameSize, Frame(FrameType.Settings, FrameFlags.Ack, 0, new byte[6]) },
        { "a frame size that is too small", (int)Http2Error.Protocol, Settings((5, 100)) },
        { "a window that is too large", (int)Http2Error.FlowControl, Settings((4, -1)) },
        { "pushes that are neither on nor off", (int)Http2Error.Protocol, Settings((2, 2)) },
        { "PUSH_PROMISE", (int)Http2Error.Protocol, Frame(FrameType.PushPromise, FrameFlags.EndHeaders, 1, 0, 0, 0, 2) },
        { "RST_STREAM of a stream that has not begun", (int)Http2Error.Protocol, Frame(FrameType.ResetStream, 0, 1, Number(8)) },
        { "RST_STREAM that is too long", (int)Http2Error.FrameSize, Frame(FrameType.ResetStream, 0, 1, new byte[5]) },
        { "PRIORITY that is too short", (int)Http2Error.FrameSize, Frame(FrameType.Priority, 0, 1, new byte[4]) },
        { "WINDOW_UPDATE of nothing", (int)Http2Error.Protocol, Frame(FrameType.WindowUpdate, 0, 0, Number(0)) },
        { "WINDOW_UPDATE beyond all bounds", (int)Http2Error.FlowControl, Frame(FrameType.WindowUpdate, 0, 0, Number(int.MaxValue)) },
        { "WINDOW_UPDATE of a stream that has not begun", (int)Http2Error.Protocol, Frame(FrameType.WindowUpdate, 0, 7, Number(1)) },
    };

    public static TheoryData<string, int, byte[]> WrongRequests => new()
    {
        { "no path", (int)Http2Error.Protocol, Block((":method", "GET"), (":scheme", "http")) },
        { "an empty path", (int)Http2Error.Protocol, Request("GET", "") },
        { "a pseudo-header twice", (int)Http2Error.Protocol, Block((":method", "GET"), (":method", "GET"), (":scheme", "http"), (":path", "/hello")) },
        { "a pseudo-header behind others", (int)Http2Error.Protocol, Block((":method", "GET"), (":scheme", "http"), ("a", "b"), (":path", "/hello")) },
        { "an unknown pseudo-header", (int)Http2Error.Protocol, Request("GET", "/hello", (":status", "200")) },
        { "capitals", (int)Http2Error.Protocol, Request("GET", "/hello", ("Accept", "x")) },
        { "a line break", (int)Http2Error.Protocol, Request("GET", "/hello", ("a", "b\r\nc: d")) },
        { "a header of connections", (int)Http2Error.Protocol, Request("GET", "/hello", ("connection", "close")) },
        { "trailers and more", (int)Http2Error.Protocol, Request("GET", "/hello", ("te", "gzip")) },
        { "a length that is no number", (int)Http2Error.Protocol, Request("GET", "/hello", ("content-length", "-1")) },
        { "two lengths", (int)Http2Error.Protocol, Request("GET", "/hello", ("content-length", "0"), ("content-length", "1")) },
        { "a length that does not come", (int)Http2Error.Protocol, Request("GET", "/hello", ("content-length", "5")) },
        { "too many headers", (int)Http2Error.EnhanceYourCalm, Request("GET", "/hello", [.. Enumerable.Repeat(("a", "b"), 300)]) },
    };

    [Theory]
    [MemberData(nameof(Violations))]
    public async Task Connection_ThatBreaksTheRules_IsEndedWithTheReason(string what, int expected, byte[] frames)
    {
        await using var server = await Http2TestServer.StartAsync();
        using var connection = await server.ConnectAsync();

        await connection.SendAsync(frames);

        Assert.True((Http2Error)expected == await connection.ReadGoAwayAsync(), what);
        await AnswersAsync(server);
    }

    [Theory]
    [MemberData(nameof(WrongRequests))]
    public async Task Request_ThatIsWrong_IsResetAlone(string what, int expected, byte[] block)
    {
        await using var server = await Http2TestServer.StartAsync();
        using var connection = await server.ConnectAsync();

        await connection.SendAsync(FrameType.Headers, Whole, 1, block);

        Assert.Equal((1, (Http2Error)expected), await connection.ReadResetAsync());
        await connection.GetAsync(3, "/hello");
        Assert.True((200, "hello") == await connection.ReadAnswerAsync(3), what);
    }

    [Fact]
    public async Task Connection_WithoutSettings_IsEnded()
    {
        await using var server = await Http2TestServer.StartAsync();
        using var connection = await server.OpenAsync();

        await connection.SendAsync([.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, .. Frame(FrameType.Ping, 0, 0, new byte[8])]);

        Assert.Equal(Http2Error.Protocol, await connection.ReadGoAwayAsync());
    }

    [Fact]
    public async Task Connection_OfHttp1_IsToldSo()
    {
        await using var server = await Http2TestServer.StartAsync();
        using var connection = await server.OpenAsync();

        await connection.SendAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray());

        Assert.Contains("HTTP/1.1 400 Bad Request\r\n", System.Text.Encoding.ASCII.GetString(await connection.ReadToEndAsync()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Frames_OneByteAtATime_AreUnderstood()
    {
        await using var server = await Http2TestServer.StartAsync();
        using var connection = await server.OpenAsync();
        byte[] all =
        [
            .. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, .. Settings((3, 100)), .. Frame((FrameType)77, (FrameFlags)255, 9, 1, 2, 3),
            .. Frame(FrameType.Headers, FrameFlags.Padded | FrameFlags.Priority, 1, [2, 0, 0, 0, 0, 9, .. Request("POST", "/echo")[..20], 0, 0]),
            .. Frame(FrameType.Continuation, FrameFlags.EndHeaders, 1, Request("POST", "/echo")[20..]),
            .. Frame(FrameType.Data, FrameFlags.Padded, 1, [3, .. "so "u8, 0, 0, 0]), .. Frame(FrameType.Data, 0, 1),
            .. Frame(FrameType.Data, FrameFlags.EndStream, 1, [.. "be it"u8]),
        ];

        foreach (var part in all)
        {
            await connection.SendAsync([part]);
        }

        Assert.Equal((200, "so be it"), await connection.ReadAnswerAsync(1));
    }

    [Fact]
    public async Task Request_WithTrailers_EndsWithThem()
    {
        await using var server = await Http2TestServer.StartAsync();
        using var connection = await server.ConnectAsync();

        await connection.SendAsync(FrameType.Headers, FrameFlags.EndHeaders, 1, Request("POST", "/echo"));
        await connection.SendAsync(FrameType.Data, FrameFlags.None, 1, 65);
        await connection.SendAsync(FrameType.Headers, Whole, 1, Block(("x-checksum", "7")));

        Assert.Equal((200, "A"), await connection.ReadAnswerAsync(1));
    }

    [Fact]
    public async Task Answer_WindowOfStream_IsKept()
    {
        await using var server = await Http2TestServer.StartAsync();
        using var connection = await server.ConnectAsync((4, 10));

        await connection.GetAsync(1, "/bytes/25");
        Assert.Equal(10, (await connection.ReadAsync(FrameType.Data)).Header.Length);
        await connection.SendAsync(FrameType.WindowUpdate, FrameFlags.None, 1, Number(5));
        Assert.Equal(5, (await connection.ReadAsync(FrameType.Data)).Header.Length);
        await connection.SendAsync(Settings((4, 13)));
        Assert.Equal(3, (await connection.ReadAsync(FrameType.Data)).Header.Length);
        await connection.SendAsync(Settings((4, 1000)));
        Assert.Equal(7, (await connection.ReadAsync(FrameType.Data)).Header.Length);
        Assert.True((await connection.ReadAsync(FrameType.Data)).Header.Has(FrameFlags.EndStream));
    }

    [Fact]
    public async Task Answer_WindowThatShrinksBelowNothing_WaitsUntilItIsWide()
    {
        await using var server = await Http2TestServer.StartAsync();
        using var connection = await server.ConnectAsync((4, 10));

        await connection.GetAsync(1, "/bytes/15");
        Assert.Equal(10, (await connection.ReadAsync(FrameType.Data)).Header.Length);
        await connection.SendAsync(Settings((4, 2)));
        await connection.SendAsync(FrameType.WindowUpdate, FrameFlags.None, 1, Number(8));
        await connection.SendAsync(FrameType.Ping, FrameFlags.None, 0, new byte[8]);
        Assert.Equal(FrameType.Ping, (await NextOfAsync(connection, FrameType.Ping, FrameType.Data)).Type);
        await connection.SendAsync(FrameType.WindowUpdate, FrameFlags.None, 1, Number(1));
        Assert.Equal(1, (await connection.ReadAsync(FrameType.Data)).Header.Length);
    }

    [Fact]
    public async Task Answers_WindowOfConnection_IsSharedByThem()
    {
        await using var server = await Http2TestServer.StartAsync();
        using var connection = await server.ConnectAsync((4, 1_000_000));
        int[] streams = [1, 3, 5];
        foreach (var stream in streams)
        {
            await connection.GetAsync(stream, "/bytes/50000");
        }

        var (received, ended) = (0, 0);
        while (ended < streams.Length)
        {
            if (received == 65535)
            {
                await connection.SendAsync(FrameType.WindowUpdate, FrameFlags.None, 0, Number(200_000));
            }

            var (header, _) = await connection.ReadAsync(FrameType.Data);
            received += header.Length;
            ended += header.Has(FrameFlags.EndStream) ? 1 : 0;
        }

        Assert.Equal(150_000, received);
    }

    [Fact]
    public async Task Answer_WindowBeyondAllBounds_IsReset()
    {
        await using var server = await Http2TestServer.StartAsync();
        using var connection = await server.ConnectAsync();
        await connection.GetAsync(1, "/wait");
        await UntilAsync(() => server.Running == 1);

        await connection.SendAsync(FrameType.WindowUpdate, FrameFlags.None, 1, Number(int.MaxValue));

        Assert.Equal((1, Http2Error.FlowControl), await connection.ReadResetAsync());
    }

    [Fact]
    public async Task Request_MoreThanTheWindow_EndsTheConnection()
    {
        await using var server = await Http2TestServer.StartAsync();
        using var connection = await server.ConnectAsync();
        await connection.SendAsync(FrameType.Headers, FrameFlags.EndHeaders, 1, Request("POST", "/wait"));
        var frame = Frame(FrameType.Data, FrameFlags.None, 1, new byte[ConnectionLimits.FrameSize]);

        for (var sent = 0; sent <= ConnectionLimits.StreamWindow; sent += ConnectionLimits.FrameSize)
        {
            await connection.SendAsync(frame);
        }

        Assert.Equal(Http2Error.FlowControl, await connection.ReadGoAwayAsync());
    }

    [Fact]
    public async Task Request_ThatIsRead_OpensTheWindowsAgain()
    {
        await using var server = await Http2TestServer.StartAsync(options => options.MaxRequestBytes = 1L << 32);
        using var client = server.CreateClient();
        var content = new byte[20 * 1024 * 1024];
        Random.Shared.NextBytes(content);

        using var response = await client.PostAsync("/gather", new ByteArrayContent(content)).WaitAsync(Patience);

        Assert.Equal(content, await response.Content.ReadAsByteArrayAsync().WaitAsync(Patience));
    }

    [Fact]
    public async Task Requests_ThatNobodyReads_OpenTheConnectionsWindowAgain()
    {
        await using var server = await Http2TestServer.StartAsync();
        using var client = server.CreateClient();

        // Twice as much in all as the connection's window.
        for (var i = 0; i < 32; i++)
        {
            using var response = await client.PostAsync("/ignore", new ByteArrayContent(new byte[4 * 1024 * 1024])).WaitAsync(Patience);
            Assert.Equal("not read", await response.Content.ReadAsStringAsync().WaitAsync(Patience));
        }
    }

    [Fact]
    public async Task Request_BodyThatIsTooLong_IsRefused()
    {
        await using var server = await Http2TestServer.StartAsync(options => options.MaxRequestBytes = 1000);
        using var client = server.CreateClient();

        using var response = await client.PostAsync("/echo", new ByteArrayContent(new byte[1001])).WaitAsync(Patience);

        Assert.Equal(StatusCodes.Status413PayloadTooLarge, (int)response.StatusCode);
    }

    [Fact]
    public async Task Request_LimitThatTheApplicationLifts_IsLiftedForWhatHasCome()
    {
        await using var server = await Http2TestServer.StartAsync(options => options.MaxRequestBytes = 10);
        using var connection = await server.ConnectAsync();

        await connection.SendAsync(FrameType.Headers, FrameFlags.EndHeaders, 1, Request("POST", "/unlimited"));
        await connection.SendAsync(FrameType.Data, FrameFlags.EndStream, 1, [.. "more than ten bytes"u8]);
        await connection.SendAsync(FrameType.Ping, FrameFlags.None, 0, new byte[8]);
        await connection.ReadAsync(FrameType.Ping);
        server.Gate.SetResult();

        Assert.Equal((200, "more than ten bytes"), await connection.ReadAnswerAsync(1));
    }

    [Fact]
    public async Task Streams_MoreThanAllowed_AreRefused()
    {
        await using var server = await Http2TestServer.StartAsync();
        using var connection = await server.ConnectAsync();
        for (var i = 0; i <= ConnectionLimits.Streams; i++)
        {
            await connection.GetAsync((2 * i) + 1, "/wait");
        }

        Assert.Equal(((2 * ConnectionLimits.Streams) + 1, Http2Error.RefusedStream), await connection.ReadResetAsync());
        server.Gate.SetResult();
        Assert.Equal((200, "done"), await connection.ReadAnswerAsync(1));
    }

    [Fact]
    public async Task Streams_BegunAndResetWithoutEnd_EndTheConnection()
    {
        await using var server = await Http2TestServer.StartAsync();
        using var connection = await server.ConnectAsync();
        var frames = new List<byte>();
        for (var stream = 1; stream < 4 * ConnectionLimits.Streams; stream += 2)
        {
            frames.AddRange(Frame(FrameType.Headers, Whole, stream, Request("GET", "/wait")));
            frames.AddRange(Frame(FrameType.ResetStream, FrameFlags.None, stream, Number(8)));
        }

        frames.AddRange(Frame(FrameType.Headers, Whole, 100_001, Request("GET", "/wait")));
        await connection.SendAsync([.. frames]);

        var goodbye = connection.ReadGoAwayAsync();
        await UntilAsync(() => server.Aborted > 2 * ConnectionLimits.Streams - 10);
        Assert.InRange(server.Running, 1, 2 * ConnectionLimits.Streams);
        server.Gate.SetResult();
        Assert.Equal(Http2Error.EnhanceYourCalm, await goodbye);
        await UntilAsync(() => server.Running == 0);
    }

    [Fact]
    public async Task Request_ThatIsReset_IsToldAndOthersGoOn()
    {
        await using var server = await Http2TestServer.StartAsync();
        using var connection = await server.ConnectAsync();
        await connection.GetAsync(1, "/wait");
        await connection.GetAsync(3, "/wait");
        await UntilAsync(() => server.Running == 2);

        await connection.SendAsync(FrameType.ResetStream, FrameFlags.None, 1, Number(8));
        await UntilAsync(() => server.Aborted == 1);
        server.Gate.SetResult();

        Assert.Equal((200, "done"), await connection.ReadAnswerAsync(3));
        await UntilAsync(() => server.Running == 0);
    }

    [Fact]
    public async Task Connection_ThatBreaksOff_TellsItsRequests()
    {
        await using var server = await Http2TestServer.StartAsync();
        using (var connection = await server.ConnectAsync())
        {
            await connection.GetAsync(1, "/wait");
            await connection.SendAsync(FrameType.Headers, FrameFlags.EndHeaders, 3, Request("POST", "/echo"));
            await UntilAsync(() => server.Running == 1);
        }

        await UntilAsync(() => server.Aborted == 1);
        await AnswersAsync(server);
    }

    [Fact]
    public async Task Connection_ThatNoLongerSends_GetsNoAnswerAndEnds()
    {
        await using var server = await Http2TestServer.StartAsync();
        using var connection = await server.ConnectAsync();
        await connection.GetAsync(1, "/hello");
        Assert.Equal((200, "hello"), await connection.ReadAnswerAsync(1));

        connection.EndSending();

        while (await connection.ReadAsync() is not null)
        {
        }

        await AnswersAsync(server);
    }

    [Fact]
    public async Task Server_ThatStops_AnswersWhatItHasBegun()
    {
        await using var server = await Http2TestServer.StartAsync();
        using var connection = await server.ConnectAsync();
        await connection.GetAsync(1, "/wait");
        await UntilAsync(() => server.Running == 1);

        var stopping = server.StopAsync();
        var (_, goAway) = await connection.ReadAsync(FrameType.GoAway);
        server.Gate.SetResult();

        Assert.Equal([0, 0, 0, 0], goAway[4..]);
        Assert.Equal((200, "done"), await connection.ReadAnswerAsync(1));
        Assert.Equal(Http2Error.None, await connection.ReadGoAwayAsync());
        await stopping.WaitAsync(Patience);
    }

    [Theory]
    [InlineData("/fail", 500)]
    [InlineData("/nowhere", 404)]
    public async Task Request_ThatFails_HasAStatus(string path, int expected)
    {
        await using var server = await Http2TestServer.StartAsync();
        using var connection = await server.ConnectAsync();

        await connection.GetAsync(1, path);

        Assert.Equal((expected, ""), await connection.ReadAnswerAsync(1));
    }

    [Fact]
    public async Task Request_ThatFailsInTheMiddle_IsReset()
    {
        await using var server = await Http2TestServer.StartAsync();
        using var connection = await server.ConnectAsync();

        await connection.GetAsync(1, "/fail-late");

        Assert.Equal((1, Http2Error.Internal), await connection.ReadResetAsync());
    }

    [Fact]
    public async Task Head_AnswerWithABody_IsSentWithout()
    {
        await using var server = await Http2TestServer.StartAsync();
        using var connection = await server.ConnectAsync();

        await connection.SendAsync(FrameType.Headers, Whole, 1, Request("HEAD", "/nowhere"));

        Assert.Equal((404, ""), await connection.ReadAnswerAsync(1));
    }

    [Fact]
    public async Task Ping_IsAnsweredWithTheSame()
    {
        await using var server = await Http2TestServer.StartAsync();
        using var connection = await server.ConnectAsync();

        await connection.SendAsync(FrameType.Ping, FrameFlags.None, 0, 1, 2, 3, 4, 5, 6, 7, 8);

        var (header, payload) = await connection.ReadAsync(FrameType.Ping);
        Assert.True(header.Has(FrameFlags.Ack));
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8], payload);
    }

    [Fact]
    public async Task Requests_ManyAtATime_HaveTheirOwnAnswers()
    {
        await using var server = await Http2TestServer.StartAsync();
        using var client = server.CreateClient();

        var answers = await Task.WhenAll(Enumerable.Range(0, 2000).Select(async i =>
        {
            var text = new string((char)('a' + (i % 26)), i);
            using var response = await client.PostAsync($"/echo?{i}", new StringContent(text));
            var answer = await response.Content.ReadAsStringAsync();
            return (text, answer + string.Concat(response.TrailingHeaders.GetValues("x-end")));
        })).WaitAsync(Patience);

        Assert.All(answers, answer => Assert.Equal(answer.text + "yes", answer.Item2));
    }

    [Fact]
    public async Task Requests_AnsweredBeforeTheyAreWhole_LeaveNothingToOthers()
    {
        await using var server = await Http2TestServer.StartAsync();
        using var client = server.CreateClient();

        await Task.WhenAll(Enumerable.Range(0, 8).Select(async client8 =>
        {
            var random = new Random(client8);
            for (var i = 0; i < 200; i++)
            {
                using var ignored = await client.PostAsync("/ignore", new ByteArrayContent(new byte[random.Next(300_000)]));
                Assert.Equal("not read", await ignored.Content.ReadAsStringAsync());
                var text = new string((char)('a' + client8), random.Next(1, 5000));
                using var echoed = await client.PostAsync("/echo", new StringContent(text));
                Assert.Equal(text, await echoed.Content.ReadAsStringAsync());
            }
        })).WaitAsync(Patience);
    }

    private static async Task<FrameHeader> NextOfAsync(RawConnection connection, params FrameType[] types)
    {
        while (await connection.ReadAsync() is var (header, _))
        {
            if (types.Contains(header.Type))
            {
                return header;
            }
        }

        throw new InvalidOperationException("the server closed the connection");
    }

    private static async Task AnswersAsync(Http2TestServer server)
    {
        using var connection = await server.ConnectAsync();
        await connection.GetAsync(1, "/hello");
        Assert.Equal((200, "hello"), await connection.ReadAnswerAsync(1));
    }

    private static async Task UntilAsync(Func<bool> isSo)
    {
        using var late = new CancellationTokenSource(Patience);
        while (!isSo())
        {
            await Task.Delay(5, late.Token);
        }
    }
}
