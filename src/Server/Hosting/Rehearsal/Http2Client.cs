using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Text;

namespace Serving.Server.Hosting.Rehearsal;

/// <summary>
/// As much of HTTP/2 (RFC 9113) as it takes to send calls and to wait for their ends: small bodies, headers as literals
/// without indexing (RFC 7541, 6.2.2), and answers of which only the frames' heads are read.
/// </summary>
internal sealed class Http2Client(IDuplexPipe pipe)
{
    private const int HeadSize = 9;
    private const byte DataFrame = 0;
    private const byte HeadersFrame = 1;
    private const byte ResetFrame = 3;
    private const byte SettingsFrame = 4;
    private const byte GoAwayFrame = 7;
    private const byte WindowUpdateFrame = 8;
    private const byte EndStream = 1;
    private const byte EndHeaders = 4;

    private int _nextStream = 1;

    /// <summary>The preface, empty settings, and leave to send more answers than will come.</summary>
    public void Open()
    {
        pipe.Output.Write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8);
        WriteFrame(SettingsFrame, 0, 0, []);
        WriteFrame(WindowUpdateFrame, 0, 0, [0x3f, 0, 0, 0]);
    }

    /// <summary>Sends calls all at once and waits until each has ended. False where the server refused one or closed the connection.</summary>
    public async ValueTask<bool> SendAsync(IReadOnlyList<byte[]> bodies, IEnumerable<(string Name, string Value)> headers, CancellationToken cancellationToken)
    {
        var block = Encode(headers);
        foreach (var body in bodies)
        {
            WriteFrame(HeadersFrame, EndHeaders, _nextStream, block);
            WriteFrame(DataFrame, EndStream, _nextStream, body);
            _nextStream += 2;
        }

        await pipe.Output.FlushAsync(cancellationToken);
        for (var left = bodies.Count; left > 0;)
        {
            var result = await pipe.Input.ReadAsync(cancellationToken);
            var buffer = result.Buffer;
            while (left > 0 && TryReadFrame(ref buffer, out var type, out var flags))
            {
                if (type is ResetFrame or GoAwayFrame)
                {
                    return false;
                }

                left -= type is DataFrame or HeadersFrame && (flags & EndStream) != 0 ? 1 : 0;
            }

            pipe.Input.AdvanceTo(buffer.Start, left > 0 ? buffer.End : buffer.Start);
            if (left > 0 && result.IsCompleted)
            {
                return false;
            }
        }

        return true;
    }

    private static byte[] Encode(IEnumerable<(string Name, string Value)> headers)
    {
        var block = new List<byte>();
        foreach (var (name, value) in headers)
        {
            // Lengths below 127 take one byte.
            block.Add(0);
            block.Add((byte)name.Length);
            block.AddRange(Encoding.ASCII.GetBytes(name));
            block.Add((byte)value.Length);
            block.AddRange(Encoding.ASCII.GetBytes(value));
        }

        return [.. block];
    }

    private static bool TryReadFrame(ref ReadOnlySequence<byte> buffer, out byte type, out byte flags)
    {
        (type, flags) = (0, 0);
        if (buffer.Length < HeadSize)
        {
            return false;
        }

        Span<byte> head = stackalloc byte[HeadSize];
        buffer.Slice(0, HeadSize).CopyTo(head);
        var length = (head[0] << 16) | (head[1] << 8) | head[2];
        if (buffer.Length < HeadSize + length)
        {
            return false;
        }

        (type, flags) = (head[3], head[4]);
        buffer = buffer.Slice(HeadSize + length);
        return true;
    }

    private void WriteFrame(byte type, byte flags, int stream, ReadOnlySpan<byte> payload)
    {
        var head = pipe.Output.GetSpan(HeadSize);
        BinaryPrimitives.WriteInt32BigEndian(head, payload.Length << 8);
        (head[3], head[4]) = (type, flags);
        BinaryPrimitives.WriteInt32BigEndian(head[5..], stream);
        pipe.Output.Advance(HeadSize);
        pipe.Output.Write(payload);
    }
}
