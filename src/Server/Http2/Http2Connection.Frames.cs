using System.Buffers;
using System.Buffers.Binary;
using Serving.Server.Http2.Frames;

namespace Serving.Server.Http2;

/// <summary>What frames do to the connection. Called by its reader alone.</summary>
internal sealed partial class Http2Connection
{
    private const int LargestWindow = int.MaxValue;

    private int _streamWindow = 65535;
    private int _received;
    private bool _hasSettings;

    /// <summary>A frame's header has come.</summary>
    public void BeginFrame(in FrameHeader frame)
    {
        if (!_hasSettings && frame.Type != FrameType.Settings)
        {
            throw Wrong("the first frame must be SETTINGS");
        }

        if (_blockSince != 0 && (frame.Type != FrameType.Continuation || frame.Stream != _blockFrame.Stream))
        {
            throw Wrong("a header block must not be interrupted by other frames");
        }

        switch (frame.Type)
        {
            case FrameType.Data:
                Take(frame);
                break;
            case FrameType.Priority when frame.Length != 5:
                throw new Http2Exception(Http2Error.FrameSize, "a PRIORITY frame has 5 bytes");
            case FrameType.Continuation when _blockSince == 0:
                throw Wrong("CONTINUATION without HEADERS");
            case FrameType.PushPromise:
                throw Wrong("a client must not send PUSH_PROMISE");
            case FrameType.Headers or FrameType.ResetStream or FrameType.Priority when frame.Stream == 0:
                throw Wrong($"{frame.Type} belongs to a stream, and came for the connection");
            case FrameType.Settings or FrameType.Ping or FrameType.GoAway when frame.Stream != 0:
                throw Wrong($"{frame.Type} belongs to the connection, and came for stream {frame.Stream}");
        }
    }

    /// <summary>A frame other than DATA has come.</summary>
    public void Receive(in FrameHeader frame, ReadOnlySpan<byte> payload)
    {
        switch (frame.Type)
        {
            case FrameType.Headers:
                ReceiveHeaders(frame, Unpad(frame, payload));
                break;
            case FrameType.Continuation:
                Continue(frame, payload);
                break;
            case FrameType.ResetStream:
                ReceiveReset(frame, payload);
                break;
            case FrameType.Settings:
                ReceiveSettings(frame, payload);
                break;
            case FrameType.Ping:
                ReceivePing(frame, payload);
                break;
            case FrameType.GoAway:
                Close();
                break;
            default:
                ReceiveWindowUpdate(frame, payload);
                break;
        }
    }

    /// <summary>A part of a DATA frame has come.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="data">The part, without padding.</param>
    /// <param name="isEnd">Whether it is the frame's last.</param>
    public void ReceiveData(in FrameHeader frame, in ReadOnlySequence<byte> data, bool isEnd)
    {
        var padding = isEnd ? frame.Length - _received - (int)data.Length : 0;
        _received += (int)data.Length;
        Http2Stream? stream;
        lock (Output.Gate)
        {
            stream = TryFind(frame.Stream, out var found) && !found.IsReset ? found : null;
        }

        if (stream is null || padding > 0)
        {
            Consumed(stream, padding + (stream is null ? (int)data.Length : 0));
        }

        if (stream is null)
        {
            return;
        }

        if (!stream.TryReceive(data))
        {
            Consumed(null, (int)data.Length);
        }

        if (isEnd && frame.Has(FrameFlags.EndStream))
        {
            EndRequest(stream);
        }
    }

    private static Http2Exception Wrong(string message) => new(Http2Error.Protocol, message);

    /// <summary>Takes a DATA frame's bytes out of the windows before they come.</summary>
    private void Take(in FrameHeader frame)
    {
        _received = 0;
        if (frame.Stream == 0 || frame.Stream > _opened || frame.Stream % 2 == 0)
        {
            throw Wrong($"DATA came for stream {frame.Stream}, which has not begun");
        }

        if (Interlocked.Add(ref _receiveWindow, -frame.Length) < 0)
        {
            throw new Http2Exception(Http2Error.FlowControl, "more DATA came than the connection's window allows");
        }

        lock (Output.Gate)
        {
            if (!TryFind(frame.Stream, out var stream) || stream.IsReset)
            {
                return;
            }

            if (stream.IsRequestEnded)
            {
                Output.WriteReset(stream.Id, Http2Error.StreamClosed);
                stream.Reset(new IOException("the client sent more after the end of the request"));
                return;
            }

            stream.ReceiveWindow -= frame.Length;
            if (stream.ReceiveWindow < 0)
            {
                throw new Http2Exception(Http2Error.FlowControl, $"more DATA came for stream {frame.Stream} than its window allows");
            }
        }
    }

    private void EndRequest(Http2Stream stream)
    {
        lock (Output.Gate)
        {
            if (!stream.TryEndRequest())
            {
                Output.WriteReset(stream.Id, Http2Error.Protocol);
                stream.Reset(new IOException("the request is not as long as its content-length says"));
            }
        }
    }

    private void ReceiveReset(in FrameHeader frame, ReadOnlySpan<byte> payload)
    {
        Expect(frame, payload, sizeof(uint));
        if (frame.Stream > _opened)
        {
            throw Wrong($"RST_STREAM came for stream {frame.Stream}, which has not begun");
        }

        lock (Output.Gate)
        {
            if (TryFind(frame.Stream, out var stream))
            {
                stream.Reset(new IOException("the client has reset the request"));
            }
        }
    }

    private void ReceiveSettings(in FrameHeader frame, ReadOnlySpan<byte> payload)
    {
        _hasSettings = true;
        if (frame.Has(FrameFlags.Ack))
        {
            Expect(frame, payload, 0);
            return;
        }

        const int EntryBytes = 6;
        if (payload.Length % EntryBytes != 0)
        {
            throw new Http2Exception(Http2Error.FrameSize, "SETTINGS has entries of 6 bytes");
        }

        lock (Output.Gate)
        {
            for (; !payload.IsEmpty; payload = payload[EntryBytes..])
            {
                Apply((SettingId)BinaryPrimitives.ReadUInt16BigEndian(payload), BinaryPrimitives.ReadUInt32BigEndian(payload[2..]));
            }

            Output.WriteFrame(FrameType.Settings, FrameFlags.Ack, 0, []);
        }
    }

    /// <summary>The header table's size is that of answers, which use none.</summary>
    private void Apply(SettingId id, uint value)
    {
        switch (id)
        {
            case SettingId.EnablePush when value > 1:
                throw Wrong("SETTINGS_ENABLE_PUSH is 0 or 1");
            case SettingId.InitialWindowSize:
                if (value > LargestWindow)
                {
                    throw new Http2Exception(Http2Error.FlowControl, "SETTINGS_INITIAL_WINDOW_SIZE is beyond 2^31-1");
                }

                var change = (long)value - _streamWindow;
                _streamWindow = (int)value;
                foreach (var stream in _streams.Values.ToArray())
                {
                    Widen(stream, change);
                }

                break;
            case SettingId.MaxFrameSize:
                FrameSize = value is >= 16384 and <= 16777215 ? (int)Math.Min(value, ConnectionLimits.FrameSize) : throw Wrong("SETTINGS_MAX_FRAME_SIZE is out of range");
                break;
        }
    }

    private void ReceivePing(in FrameHeader frame, ReadOnlySpan<byte> payload)
    {
        Expect(frame, payload, sizeof(ulong));
        if (!frame.Has(FrameFlags.Ack))
        {
            lock (Output.Gate)
            {
                Output.WriteFrame(FrameType.Ping, FrameFlags.Ack, 0, payload);
            }
        }
    }

    private void ReceiveWindowUpdate(in FrameHeader frame, ReadOnlySpan<byte> payload)
    {
        Expect(frame, payload, sizeof(uint));
        var increment = BinaryPrimitives.ReadInt32BigEndian(payload) & int.MaxValue;
        if (frame.Stream > _opened)
        {
            throw Wrong($"WINDOW_UPDATE came for stream {frame.Stream}, which has not begun");
        }

        lock (Output.Gate)
        {
            if (frame.Stream != 0)
            {
                if (TryFind(frame.Stream, out var stream) && !stream.IsReset)
                {
                    Widen(stream, increment == 0 ? long.MaxValue / 2 : increment);
                }

                return;
            }

            SendWindow += increment;
            if (increment == 0 || SendWindow > LargestWindow)
            {
                throw new Http2Exception(increment == 0 ? Http2Error.Protocol : Http2Error.FlowControl, "a WINDOW_UPDATE is zero, or makes the connection's window too large");
            }

            // Those that still wait queue up again behind the others.
            for (var waiting = _blocked.Count; waiting > 0 && SendWindow > 0; waiting--)
            {
                _blocked.Dequeue().Retry();
            }
        }
    }

    private void Widen(Http2Stream stream, long increment)
    {
        if (!stream.IsReset && !stream.TryWiden(increment))
        {
            Output.WriteReset(stream.Id, Http2Error.FlowControl);
            stream.Reset(new IOException("the client's window for the answer is out of range"));
        }
    }

    private static void Expect(in FrameHeader frame, ReadOnlySpan<byte> payload, int length)
    {
        if (payload.Length != length)
        {
            throw new Http2Exception(Http2Error.FrameSize, $"a frame of type {frame.Type} has {payload.Length} bytes, expected are {length}");
        }
    }
}
