using System.Buffers;
using Serving.Server.Http2.Frames;

namespace Serving.Server.Http2;

/// <summary>
/// Takes the bytes of a connection apart: the preface, then frames. DATA is handed on as it comes, whatever the frame's length;
/// all other payloads when they are whole.
/// </summary>
/// <param name="connection">Who is told.</param>
internal sealed class FrameReader(Http2Connection connection)
{
    /// <summary>Payloads other than DATA are short, or header fields, which have their own limit.</summary>
    private const int LongestWhole = 64 * 1024;

    private FrameHeader _frame;
    private int _left;
    private int _padding;
    private State _state;

    private enum State
    {
        Preface,
        Header,
        Whole,

        /// <summary>The byte that says how long the padding is.</summary>
        Padding,
        Data,

        /// <summary>What is not looked at.</summary>
        Skip,
    }

    private static ReadOnlySpan<byte> Preface => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8;

    /// <summary>Whether the preface has come.</summary>
    public bool HasBegun => _state != State.Preface;

    /// <summary>Reads as much as is there. What remains must come again, with more.</summary>
    /// <exception cref="Http2Exception">The client broke the rules.</exception>
    public void Read(ref ReadOnlySequence<byte> rest)
    {
        while (ReadStep(ref rest))
        {
        }
    }

    private bool ReadStep(ref ReadOnlySequence<byte> rest) => _state switch
    {
        State.Preface => ReadPreface(ref rest),
        State.Header => ReadHeader(ref rest),
        State.Whole => ReadWhole(ref rest),
        State.Padding => ReadPadding(ref rest),
        State.Data => ReadData(ref rest),
        _ => Skip(ref rest),
    };

    private bool ReadPreface(ref ReadOnlySequence<byte> rest)
    {
        var length = (int)Math.Min(rest.Length, Preface.Length);
        Span<byte> start = stackalloc byte[Preface.Length];
        start = start[..length];
        rest.Slice(0, length).CopyTo(start);
        if (!start.SequenceEqual(Preface[..length]))
        {
            throw new ForeignProtocolException();
        }

        if (length < Preface.Length)
        {
            return false;
        }

        rest = rest.Slice(length);
        _state = State.Header;
        return true;
    }

    private bool ReadHeader(ref ReadOnlySequence<byte> rest)
    {
        if (rest.Length < FrameHeader.Bytes)
        {
            return false;
        }

        var first = rest.FirstSpan;
        if (first.Length >= FrameHeader.Bytes)
        {
            _frame = FrameHeader.Read(first);
        }
        else
        {
            Span<byte> header = stackalloc byte[FrameHeader.Bytes];
            rest.Slice(0, FrameHeader.Bytes).CopyTo(header);
            _frame = FrameHeader.Read(header);
        }

        rest = rest.Slice(FrameHeader.Bytes);
        if (_frame.Length > ConnectionLimits.FrameSize)
        {
            throw new Http2Exception(Http2Error.FrameSize, $"a frame has {_frame.Length} bytes; allowed are {ConnectionLimits.FrameSize}");
        }

        (_left, _padding) = (_frame.Length, 0);
        connection.BeginFrame(_frame);
        _state = _frame.Type == FrameType.Data ? (_frame.Has(FrameFlags.Padded) ? State.Padding : State.Data)
            : _frame.Type > FrameType.Continuation || _frame.Type == FrameType.Priority ? State.Skip
            : _left <= LongestWhole ? State.Whole
            : throw new Http2Exception(Http2Error.EnhanceYourCalm, $"a frame of type {_frame.Type} has {_left} bytes; allowed are {LongestWhole}");
        return true;
    }

    private bool ReadWhole(ref ReadOnlySequence<byte> rest)
    {
        if (rest.Length < _left)
        {
            return false;
        }

        var payload = rest.Slice(0, _left);
        rest = rest.Slice(payload.End);
        _state = State.Header;
        if (payload.IsSingleSegment)
        {
            connection.Receive(_frame, payload.FirstSpan);
            return true;
        }

        var copy = ArrayPool<byte>.Shared.Rent(_left);
        try
        {
            payload.CopyTo(copy);
            connection.Receive(_frame, copy.AsSpan(0, _left));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(copy);
        }

        return true;
    }

    private bool ReadPadding(ref ReadOnlySequence<byte> rest)
    {
        if (rest.IsEmpty)
        {
            return false;
        }

        _padding = rest.FirstSpan[0];
        rest = rest.Slice(1);
        _left--;
        if (_padding > _left)
        {
            throw new Http2Exception(Http2Error.Protocol, "the padding of a DATA frame is longer than the frame");
        }

        _state = State.Data;
        return true;
    }

    private bool ReadData(ref ReadOnlySequence<byte> rest)
    {
        var data = rest.Slice(0, Math.Min(rest.Length, _left - _padding));
        rest = rest.Slice(data.End);
        _left -= (int)data.Length;
        var isEnd = _left == _padding;
        if (data.Length > 0 || isEnd)
        {
            connection.ReceiveData(_frame, data, isEnd);
        }

        _state = !isEnd ? State.Data : _padding > 0 ? State.Skip : State.Header;
        return isEnd;
    }

    private bool Skip(ref ReadOnlySequence<byte> rest)
    {
        var length = (int)Math.Min(rest.Length, _left);
        rest = rest.Slice(length);
        _left -= length;
        if (_left > 0)
        {
            return false;
        }

        _state = State.Header;
        return true;
    }
}
