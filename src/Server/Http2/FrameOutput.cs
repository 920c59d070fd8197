using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using Serving.Server.Http2.Frames;

namespace Serving.Server.Http2;

/// <summary>
/// The frames of all streams of a connection on their way out. Whoever writes holds <see cref="Gate"/>; what several write at about
/// the same time, as the rows of a batch do, leaves in one piece: the first one has it sent by a work item behind the others.
/// </summary>
/// <param name="pipe">The transport.</param>
internal sealed class FrameOutput(PipeWriter pipe) : IThreadPoolWorkItem
{
    /// <summary>Frames that came while the transport is behind, which must not be written to meanwhile.</summary>
    private readonly ArrayBufferWriter<byte> _staged = new();

    private bool _hasWritten;
    private bool _isQueued;
    private TaskCompletionSource? _drained;

    /// <summary>Guards what goes out, and the state of the streams.</summary>
    public Lock Gate { get; } = new();

    /// <summary>Completed, unless the client does not take what was sent.</summary>
    public Task Drained => _drained?.Task ?? Task.CompletedTask;

    /// <summary>When the transport fell behind, as a tick count; 0 where it has not.</summary>
    public long BehindSince { get; private set; }

    /// <summary>Whether nothing reaches the client any more.</summary>
    public bool IsClosed { get; private set; }

    private IBufferWriter<byte> Target => _drained is null ? pipe : _staged;

    public void WriteFrame(FrameType type, FrameFlags flags, int stream, ReadOnlySpan<byte> payload)
    {
        Write(new FrameHeader(payload.Length, type, flags, stream), payload);
    }

    /// <summary>Writes a DATA frame.</summary>
    public void WriteData(int stream, ReadOnlySpan<byte> data, bool isLast) =>
        Write(new FrameHeader(data.Length, FrameType.Data, isLast ? FrameFlags.EndStream : FrameFlags.None, stream), data);

    /// <summary>Writes a block of header fields, in as many frames as it takes.</summary>
    public void WriteHeaders(int stream, ReadOnlySpan<byte> block, bool isLast, int frameSize)
    {
        var type = FrameType.Headers;
        var flags = isLast ? FrameFlags.EndStream : FrameFlags.None;
        do
        {
            var part = block[..Math.Min(block.Length, frameSize)];
            block = block[part.Length..];
            flags |= block.IsEmpty ? FrameFlags.EndHeaders : FrameFlags.None;
            Write(new FrameHeader(part.Length, type, flags, stream), part);
            (type, flags) = (FrameType.Continuation, FrameFlags.None);
        }
        while (!block.IsEmpty);
    }

    public void WriteReset(int stream, Http2Error error)
    {
        Span<byte> payload = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(payload, (uint)error);
        WriteFrame(FrameType.ResetStream, FrameFlags.None, stream, payload);
    }

    public void WriteWindowUpdate(int stream, int increment)
    {
        Span<byte> payload = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(payload, increment);
        WriteFrame(FrameType.WindowUpdate, FrameFlags.None, stream, payload);
    }

    public void WriteSettings(params ReadOnlySpan<(SettingId Id, int Value)> settings)
    {
        Span<byte> payload = stackalloc byte[6 * settings.Length];
        for (var i = 0; i < settings.Length; i++)
        {
            BinaryPrimitives.WriteUInt16BigEndian(payload[(6 * i)..], (ushort)settings[i].Id);
            BinaryPrimitives.WriteInt32BigEndian(payload[((6 * i) + 2)..], settings[i].Value);
        }

        WriteFrame(FrameType.Settings, FrameFlags.None, 0, payload);
    }

    /// <param name="last">The last stream that is or will be answered.</param>
    /// <param name="error">Why the connection ends.</param>
    /// <param name="message">For whoever looks into it; ASCII.</param>
    public void WriteGoAway(int last, Http2Error error, string message = "")
    {
        var payload = new byte[(2 * sizeof(int)) + message.Length];
        BinaryPrimitives.WriteInt32BigEndian(payload, last);
        BinaryPrimitives.WriteUInt32BigEndian(payload.AsSpan(sizeof(int)), (uint)error);
        System.Text.Encoding.ASCII.GetBytes(message, payload.AsSpan(2 * sizeof(int)));
        WriteFrame(FrameType.GoAway, FrameFlags.None, 0, payload);
    }

    /// <summary>Writes what is no frame.</summary>
    public void WriteText(ReadOnlySpan<byte> text)
    {
        Target.Write(text);
        _hasWritten = true;
    }

    /// <summary>Has what was written sent, together with what others write until then.</summary>
    public void SendSoon()
    {
        if (_hasWritten && !_isQueued && _drained is null && !IsClosed)
        {
            _isQueued = true;
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    void IThreadPoolWorkItem.Execute()
    {
        ValueTask<FlushResult> flush;
        lock (Gate)
        {
            _isQueued = false;
            _hasWritten = false;
            if (IsClosed || _drained is not null)
            {
                return;
            }

            flush = Flush();
            if (flush.IsCompletedSuccessfully)
            {
                IsClosed = flush.Result.IsCompleted;
                return;
            }

            _drained = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            BehindSince = Environment.TickCount64;
        }

        _ = DrainAsync(flush);
    }

    /// <summary>Sends what there is and waits until it is gone. Nobody may write any more.</summary>
    public async ValueTask CloseAsync()
    {
        Task drained;
        ValueTask<FlushResult> flush = default;
        lock (Gate)
        {
            drained = Drained;
            if (_drained is null && !IsClosed)
            {
                flush = Flush();
            }

            IsClosed = true;
        }

        await drained;
        try
        {
            await flush;
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or InvalidOperationException)
        {
            // The client has gone.
        }
    }

    private void Write(in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        if (IsClosed)
        {
            return;
        }

        var target = Target;
        header.Write(target.GetSpan(FrameHeader.Bytes));
        target.Advance(FrameHeader.Bytes);
        target.Write(payload);
        _hasWritten = true;
    }

    private ValueTask<FlushResult> Flush()
    {
        try
        {
            return pipe.FlushAsync();
        }
        catch (Exception e)
        {
            return ValueTask.FromException<FlushResult>(e);
        }
    }

    private async Task DrainAsync(ValueTask<FlushResult> flush)
    {
        while (true)
        {
            var isGone = true;
            try
            {
                isGone = (await flush).IsCompleted;
            }
            catch (Exception e) when (e is IOException or OperationCanceledException or InvalidOperationException)
            {
                // The client has gone.
            }

            lock (Gate)
            {
                BehindSince = Environment.TickCount64;
                if (isGone || _staged.WrittenCount == 0)
                {
                    IsClosed |= isGone;
                    BehindSince = 0;
                    var drained = _drained!;
                    _drained = null;
                    _staged.ResetWrittenCount();
                    drained.SetResult();
                    return;
                }

                pipe.Write(_staged.WrittenSpan);
                _staged.ResetWrittenCount();
                flush = Flush();
            }
        }
    }
}
