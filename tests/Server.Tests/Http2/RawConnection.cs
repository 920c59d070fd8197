using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using Serving.Server.Http2;
using Serving.Server.Http2.Frames;

namespace Serving.Server.Tests.Http2;

/// <summary>A client that sends whatever frames it likes.</summary>
internal sealed class RawConnection(TcpClient client) : IDisposable
{
    private readonly NetworkStream _stream = client.GetStream();

    /// <summary>A request's header fields, each spelled out.</summary>
    public static byte[] Block(params (string Name, string Value)[] fields)
    {
        var block = new List<byte>();
        foreach (var (name, value) in fields)
        {
            block.Add(0);
            foreach (var text in new[] { name, value })
            {
                block.Add((byte)text.Length);
                block.AddRange(Encoding.Latin1.GetBytes(text));
            }
        }

        return [.. block];
    }

    public static byte[] Request(string method, string path, params (string Name, string Value)[] fields) =>
        Block([(":method", method), (":scheme", "http"), (":path", path), (":authority", "test"), .. fields]);

    public static byte[] Number(long value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)value);
        return bytes;
    }

    public static byte[] Frame(FrameType type, FrameFlags flags, int stream, params byte[] payload)
    {
        var bytes = new byte[FrameHeader.Bytes + payload.Length];
        new FrameHeader(payload.Length, type, flags, stream).Write(bytes);
        payload.CopyTo(bytes, FrameHeader.Bytes);
        return bytes;
    }

    public static byte[] Settings(params (int Id, int Value)[] settings) => Frame(
        FrameType.Settings, FrameFlags.None, 0, [.. settings.SelectMany(setting => (byte[])[0, (byte)setting.Id, .. Number(setting.Value)])]);

    public Task GreetAsync(params (int Id, int Value)[] settings) => SendAsync([.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, .. Settings(settings)]);

    public Task SendAsync(byte[] bytes) => _stream.WriteAsync(bytes).AsTask().WaitAsync(Http2TestServer.Patience);

    public Task SendAsync(FrameType type, FrameFlags flags, int stream, params byte[] payload) => SendAsync(Frame(type, flags, stream, payload));

    /// <summary>A whole request without a body.</summary>
    public Task GetAsync(int stream, string path) =>
        SendAsync(FrameType.Headers, FrameFlags.EndHeaders | FrameFlags.EndStream, stream, Request("GET", path));

    /// <summary>The next frame; null where the server has closed the connection.</summary>
    public async Task<(FrameHeader Header, byte[] Payload)?> ReadAsync()
    {
        try
        {
            var header = new byte[FrameHeader.Bytes];
            if (await _stream.ReadAtLeastAsync(header, header.Length, throwOnEndOfStream: false).AsTask().WaitAsync(Http2TestServer.Patience) < header.Length)
            {
                return null;
            }

            var frame = FrameHeader.Read(header);
            var payload = new byte[frame.Length];
            await _stream.ReadExactlyAsync(payload).AsTask().WaitAsync(Http2TestServer.Patience);
            return (frame, payload);
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>The next frame of a type, and what it carries.</summary>
    public async Task<(FrameHeader Header, byte[] Payload)> ReadAsync(FrameType type)
    {
        while (await ReadAsync() is var (header, payload))
        {
            if (header.Type == type)
            {
                return (header, payload);
            }
        }

        throw new InvalidOperationException($"the server closed the connection without a frame of type {type}");
    }

    /// <summary>An answer's status and body.</summary>
    public async Task<(int Status, string Body)> ReadAnswerAsync(int stream)
    {
        var status = 0;
        var body = new MemoryStream();
        while (await ReadAsync() is var (header, payload))
        {
            if (header.Stream != stream)
            {
                continue;
            }

            Assert.True(header.Type is FrameType.Headers or FrameType.Data, $"{header}");
            status = status == 0 && header.Type == FrameType.Headers ? Status(payload) : status;
            body.Write(header.Type == FrameType.Data ? payload : []);
            if (header.Has(FrameFlags.EndStream))
            {
                return (status, Encoding.UTF8.GetString(body.ToArray()));
            }
        }

        throw new InvalidOperationException("the server closed the connection before it had answered");
    }

    /// <summary>Why the server ends the connection, and that it does.</summary>
    public async Task<Http2Error> ReadGoAwayAsync()
    {
        var (_, payload) = await ReadAsync(FrameType.GoAway);
        while (await ReadAsync() is not null)
        {
        }

        return (Http2Error)BinaryPrimitives.ReadUInt32BigEndian(payload.AsSpan(4));
    }

    /// <summary>Why the server ends a stream.</summary>
    public async Task<(int Stream, Http2Error Error)> ReadResetAsync()
    {
        var (header, payload) = await ReadAsync(FrameType.ResetStream);
        return (header.Stream, (Http2Error)BinaryPrimitives.ReadUInt32BigEndian(payload));
    }

    /// <summary>Everything until the server closes.</summary>
    public async Task<byte[]> ReadToEndAsync()
    {
        var all = new MemoryStream();
        try
        {
            await _stream.CopyToAsync(all).WaitAsync(Http2TestServer.Patience);
        }
        catch (IOException)
        {
            // Reset by the server, which is an end as well.
        }

        return all.ToArray();
    }

    /// <summary>The client sends no more.</summary>
    public void EndSending() => client.Client.Shutdown(SocketShutdown.Send);

    public void Dispose() => client.Dispose();

    private static int Status(byte[] block) => block[0] switch
    {
        0x88 => 200,
        0x8d => 404,
        0x8e => 500,
        8 => int.Parse(Encoding.ASCII.GetString(block, 2, 3), System.Globalization.CultureInfo.InvariantCulture),
        _ => -1,
    };
}
