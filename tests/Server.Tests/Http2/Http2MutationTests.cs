using Serving.Server.Http2.Frames;
using static Serving.Server.Tests.Http2.RawConnection;

namespace Serving.Server.Tests.Http2;

public sealed class Http2MutationTests
{
    private const FrameFlags Whole = FrameFlags.EndHeaders | FrameFlags.EndStream;

    /// <summary>Whatever a client sends, the server ends the connection or waits for more, lets go of it, and answers others.</summary>
    [Fact]
    public async Task Connections_OfChangedBytes_HarmNobody()
    {
        await using var server = await Http2TestServer.StartAsync();
        server.Gate.SetResult();
        byte[] session =
        [
            .. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, .. Settings((3, 100), (4, 70_000)), .. Frame(FrameType.WindowUpdate, 0, 0, Number(100_000)),
            .. Frame(FrameType.Headers, Whole, 1, Request("GET", "/bytes/70000")),
            .. Frame(FrameType.Headers, FrameFlags.EndHeaders, 3, Request("POST", "/echo", ("content-length", "5"))),
            .. Frame(FrameType.Data, 0, 3, 1, 2), .. Frame(FrameType.Ping, 0, 0, new byte[8]),
            .. Frame(FrameType.Headers, 0, 5, Request("GET", "/hello")[..7]), .. Frame(FrameType.Continuation, FrameFlags.EndHeaders, 5, Request("GET", "/hello")[7..]),
            .. Frame(FrameType.Data, FrameFlags.EndStream | FrameFlags.Padded, 3, 2, 3, 4, 5, 0, 0), .. Frame(FrameType.ResetStream, 0, 5, Number(8)),
            .. Frame(FrameType.Headers, Whole, 7, Request("GET", "/wait")), .. Frame(FrameType.Priority, 0, 7, new byte[5]),
        ];
        var random = new Random(3);
        for (var i = 0; i < 400; i++)
        {
            var changed = (byte[])session.Clone();
            for (var changes = random.Next(1, 5); changes > 0; changes--)
            {
                changed[random.Next(24, changed.Length)] = (byte)random.Next(256);
            }

            using var connection = await server.OpenAsync();
            await connection.SendAsync(changed[..random.Next(changed.Length / 2, changed.Length + 1)]);
            connection.EndSending();
            await connection.ReadToEndAsync();
        }

        using var other = await server.ConnectAsync();
        await other.GetAsync(1, "/hello");
        Assert.Equal((200, "hello"), await other.ReadAnswerAsync(1));
        Assert.Equal(0, server.Running);
    }
}
