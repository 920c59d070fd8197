using System.Buffers;
using Serving.Server.Http2.Frames;
using Serving.Server.Http2.Hpack;

namespace Serving.Server.Http2;

/// <summary>Blocks of header fields, which begin requests or end them. Called by the connection's reader alone.</summary>
internal sealed partial class Http2Connection
{
    /// <summary>Frames that one block of header fields may come in; clients send one, or two. Arbitrary.</summary>
    private const int MostParts = 64;

    private readonly HpackDecoder _decoder = new(ConnectionLimits.HeaderTable);
    private readonly ArrayBufferWriter<byte> _block = new();
    private readonly Func<string, bool> _waitsForBody;
    private Http2Stream? _opening;
    private FrameHeader _blockFrame;
    private int _parts;
    private long _blockSince;

    private void ReceiveHeaders(in FrameHeader frame, ReadOnlySpan<byte> block)
    {
        _blockFrame = frame;
        if (frame.Has(FrameFlags.EndHeaders))
        {
            Open(frame, block);
            return;
        }

        _blockSince = Environment.TickCount64;
        _block.ResetWrittenCount();
        _parts = 0;
        Collect(block);
    }

    private void Continue(in FrameHeader frame, ReadOnlySpan<byte> block)
    {
        Collect(block);
        if (frame.Has(FrameFlags.EndHeaders))
        {
            _blockSince = 0;
            Open(_blockFrame, _block.WrittenSpan);
        }
    }

    private void Collect(ReadOnlySpan<byte> block)
    {
        // An empty part counts too: there could be any number of them.
        _parts++;
        _block.Write(block);
        if (_block.WrittenCount > ConnectionLimits.HeaderBytes || _parts > MostParts)
        {
            throw new Http2Exception(Http2Error.EnhanceYourCalm, $"a header block is longer than {ConnectionLimits.HeaderBytes} bytes, or in more than {MostParts} parts");
        }
    }

    /// <summary>A block of header fields is whole: a request begins, or the trailers of one are there.</summary>
    private void Open(in FrameHeader frame, ReadOnlySpan<byte> block)
    {
        if (frame.Stream <= _opened)
        {
            ReadTrailers(frame, block);
            return;
        }

        if (frame.Stream % 2 == 0)
        {
            throw Wrong($"stream {frame.Stream} is not a client's: its number is even");
        }

        _opened = frame.Stream;
        var stream = _opening ?? TakeFree();
        _opening = null;
        _decoder.Decode(block, stream.Head);
        stream.Head.Complete();
        if (stream.Head is { Wrong: not null } or { IsTooLarge: true })
        {
            Refuse(stream, frame.Stream, stream.Head.IsTooLarge ? Http2Error.EnhanceYourCalm : Http2Error.Protocol);
            return;
        }

        lock (Output.Gate)
        {
            if (_live >= 2 * ConnectionLimits.Streams)
            {
                // Streams that the client has reset, whose requests are still being let go of.
                throw new Http2Exception(Http2Error.EnhanceYourCalm, "too many requests are begun and reset");
            }

            if (_live - _forsaken >= ConnectionLimits.Streams)
            {
                Refuse(stream, frame.Stream, Http2Error.RefusedStream);
                return;
            }

            _live++;
            stream.Begin(frame.Stream, _streamWindow);
            _streams.Add(frame.Stream, stream);
        }

        if (frame.Has(FrameFlags.EndStream))
        {
            EndRequest(stream);
        }
        else if (!_waitsForBody(stream.Head.Path!))
        {
            stream.Dispatch();
        }
    }

    private Http2Stream TakeFree()
    {
        lock (Output.Gate)
        {
            if (_free.TryPop(out var free))
            {
                return free;
            }
        }

        return _makeStream(this);
    }

    private void Refuse(Http2Stream stream, int id, Http2Error error)
    {
        stream.Head.Clear();
        _opening = stream;
        lock (Output.Gate)
        {
            Output.WriteReset(id, error);
        }
    }

    /// <summary>What comes behind the body is read, because the fields after it depend on it, and not used.</summary>
    private void ReadTrailers(in FrameHeader frame, ReadOnlySpan<byte> block)
    {
        var trailers = new RequestHead(ConnectionLimits.HeaderBytes);
        trailers.Clear();
        _decoder.Decode(block, trailers);
        Http2Stream? stream;
        lock (Output.Gate)
        {
            if (!TryFind(frame.Stream, out stream) || stream.IsReset)
            {
                return;
            }

            if (stream.IsRequestEnded || !frame.Has(FrameFlags.EndStream))
            {
                var error = stream.IsRequestEnded ? Http2Error.StreamClosed : Http2Error.Protocol;
                Output.WriteReset(stream.Id, error);
                stream.Reset(new IOException("the client sent header fields in the middle of the request, or after its end"));
                return;
            }
        }

        EndRequest(stream);
    }

    private static ReadOnlySpan<byte> Unpad(in FrameHeader frame, ReadOnlySpan<byte> payload)
    {
        var padding = 0;
        if (frame.Has(FrameFlags.Padded))
        {
            padding = payload.IsEmpty ? 1 : payload[0];
            payload = payload.IsEmpty ? payload : payload[1..];
        }

        const int PriorityBytes = 5;
        var priority = frame.Has(FrameFlags.Priority) ? PriorityBytes : 0;
        return padding + priority <= payload.Length
            ? payload[priority..^padding]
            : throw Wrong("the padding of a HEADERS frame is longer than the frame");
    }
}
