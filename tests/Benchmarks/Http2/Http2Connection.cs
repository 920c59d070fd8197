using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Serving.Benchmarks.Http2;

/// <summary>
/// A client of one gRPC method over one connection, for one thread: sends and receives where it is told to, allocates nothing for a
/// request and has no threads of its own, so that what is measured is the server.
/// </summary>
internal sealed class Http2Connection : IDisposable
{
    private const int HeaderLength = 9;
    private const int LongestFrame = 16 * 1024;
    private const byte EndStream = 1;
    private const byte EndHeaders = 4;
    private const byte Acknowledges = 1;
    private const int WholeWindow = int.MaxValue;

    /// <summary>What a peer may send before it has heard of another window.</summary>
    private const int FirstWindow = 65_535;

    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly RequestHeaders _headers;
    private readonly Dictionary<int, int> _bytes = [];
    private readonly Queue<Answer> _answers = new();
    private byte[] _received = new byte[256 * 1024];
    private byte[] _sending = new byte[64 * 1024];
    private int _start;
    private int _end;
    private int _sendLength;
    private long _window = FirstWindow;
    private long _consumed;
    private int _nextStream = 1;
    private bool _greeted;

    public Http2Connection(IPEndPoint address, string path)
    {
        _headers = new RequestHeaders(address.ToString(), path);
        _socket.Connect(address);
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.CopyTo(_sending);
        _sendLength = 24;

        // No push; a window for each stream that is never used up.
        BeginFrame(FrameType.Settings, flags: 0, stream: 0, length: 12);
        Write([0, 2, 0, 0, 0, 0, 0, 4]);
        WriteNumber(WholeWindow);
        WriteWindow(WholeWindow - FirstWindow);
        Flush();
        while (!_greeted)
        {
            Receive();
        }
    }

    /// <summary>Requests sent and not answered.</summary>
    public int InFlight => _bytes.Count;

    /// <summary>Sends a request. Waits where the server's window is used up; what comes meanwhile is kept.</summary>
    /// <param name="message">The framed message.</param>
    /// <returns>The request's stream.</returns>
    public int Send(ReadOnlySpan<byte> message)
    {
        var stream = _nextStream;
        var block = stream == 1 ? _headers.First : _headers.Next;
        _nextStream += 2;
        _bytes[stream] = 0;
        BeginFrame(FrameType.Headers, EndHeaders, stream, block.Length);
        Write(block);
        while (!message.IsEmpty)
        {
            var length = (int)Math.Min(Math.Min(message.Length, LongestFrame), _window);
            if (length <= 0)
            {
                Flush();
                Receive();
                continue;
            }

            _window -= length;
            BeginFrame(FrameType.Data, length == message.Length ? EndStream : (byte)0, stream, length);
            Write(message[..length]);
            message = message[length..];
        }

        Flush();
        return stream;
    }

    /// <summary>An answer that is there already.</summary>
    public bool TryTake(out Answer answer)
    {
        while (_answers.Count == 0 && _socket.Poll(0, SelectMode.SelectRead))
        {
            Receive();
        }

        return _answers.TryDequeue(out answer);
    }

    /// <summary>Waits for the next answer.</summary>
    public Answer Take()
    {
        while (_answers.Count == 0)
        {
            Receive();
        }

        return _answers.Dequeue();
    }

    public void Dispose() => _socket.Dispose();

    private void Receive()
    {
        if (_start == _end)
        {
            _start = _end = 0;
        }
        else if (_end == _received.Length)
        {
            MakeRoom();
        }

        var count = _socket.Receive(_received.AsSpan(_end));
        if (count == 0)
        {
            throw new IOException("the server closed the connection");
        }

        _end += count;
        while (_end - _start >= HeaderLength && _end - _start - HeaderLength is var rest && Length(_start) is var length && rest >= length)
        {
            var header = _received.AsSpan(_start, HeaderLength);
            _start += HeaderLength + length;
            Handle((FrameType)header[3], header[4], (int)BinaryPrimitives.ReadUInt32BigEndian(header[5..]) & int.MaxValue, _received.AsSpan(_start - length, length));
        }
    }

    private int Length(int at) => (_received[at] << 16) | (_received[at + 1] << 8) | _received[at + 2];

    private void MakeRoom()
    {
        var target = _end - _start > _received.Length / 2 ? new byte[_received.Length * 2] : _received;
        _received.AsSpan(_start, _end - _start).CopyTo(target);
        _received = target;
        _end -= _start;
        _start = 0;
    }

    private void Handle(FrameType type, byte flags, int stream, ReadOnlySpan<byte> payload)
    {
        switch (type)
        {
            case FrameType.Data:
                Consume(payload.Length);
                _bytes[stream] += payload.Length;
                EndWith(flags, stream);
                break;
            case FrameType.Headers:
                EndWith(flags, stream);
                break;
            case FrameType.Settings when (flags & Acknowledges) == 0:
                BeginFrame(FrameType.Settings, Acknowledges, stream: 0, length: 0);
                Flush();
                _greeted = true;
                break;
            case FrameType.Ping when (flags & Acknowledges) == 0:
                BeginFrame(FrameType.Ping, Acknowledges, stream: 0, payload.Length);
                Write(payload);
                Flush();
                break;
            case FrameType.WindowUpdate when stream == 0:
                _window += BinaryPrimitives.ReadUInt32BigEndian(payload);
                break;
            case FrameType.ResetStream or FrameType.GoAway:
                throw new IOException($"the server ended stream {stream} with error {BinaryPrimitives.ReadUInt32BigEndian(payload[^4..])}");
        }
    }

    private void EndWith(byte flags, int stream)
    {
        if ((flags & EndStream) != 0 && _bytes.Remove(stream, out var bytes))
        {
            _answers.Enqueue(new Answer(stream, bytes));
        }
    }

    private void Consume(int bytes)
    {
        _consumed += bytes;
        if (_consumed > WholeWindow / 2)
        {
            WriteWindow((int)_consumed);
            _consumed = 0;
            Flush();
        }
    }

    private void BeginFrame(FrameType type, byte flags, int stream, int length)
    {
        Write([(byte)(length >> 16), (byte)(length >> 8), (byte)length, (byte)type, flags]);
        WriteNumber(stream);
    }

    private void WriteWindow(int bytes)
    {
        BeginFrame(FrameType.WindowUpdate, flags: 0, stream: 0, length: sizeof(int));
        WriteNumber(bytes);
    }

    private void WriteNumber(int number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(bytes, number);
        Write(bytes);
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        if (_sendLength + bytes.Length > _sending.Length)
        {
            Array.Resize(ref _sending, 2 * (_sendLength + bytes.Length));
        }

        bytes.CopyTo(_sending.AsSpan(_sendLength));
        _sendLength += bytes.Length;
    }

    private void Flush()
    {
        for (var sent = 0; sent < _sendLength;)
        {
            sent += _socket.Send(_sending.AsSpan(sent, _sendLength - sent));
        }

        _sendLength = 0;
    }
}
