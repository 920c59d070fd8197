using System.Buffers;
using System.IO.Pipelines;
using Microsoft.Extensions.Primitives;
using Serving.Server.Http2.Hpack;

namespace Serving.Server.Http2;

/// <summary>The answer: what the application has written, on its way into frames.</summary>
internal abstract partial class Http2Stream
{
    private readonly ResponseBuffer _response = new();
    private readonly ResponseWriter _writer;
    private readonly HeaderDictionary _responseHeaders = [];
    private HeaderDictionary? _responseTrailers;
    private TaskCompletionSource? _flushed;
    private List<(Func<object, Task> Callback, object State)>? _starting;
    private List<(Func<object, Task> Callback, object State)>? _completed;
    private long _sendWindow;
    private bool _areHeadersSent;
    private bool _isComplete;
    private bool _isEndSent;
    private bool _hasLeft;
    private bool _isWaiting;

    /// <summary>Since when the answer waits for the client's window, as a tick count; 0 where it does not.</summary>
    public long BlockedSince { get; private set; }

    public bool HasStarted { get; private set; }

    public int StatusCode { get; set; }

    /// <summary>Whether it stands among those that wait for the connection's window.</summary>
    public bool IsWaiting => _isWaiting;

    /// <summary>Whether the answer is ready and only has to be taken by the client.</summary>
    public bool IsComplete => _isComplete;

    /// <summary>The client takes more: of this stream, or of the connection. False where that is more than there can be. Under the gate.</summary>
    public bool TryWiden(long increment)
    {
        _sendWindow += increment;
        if (_sendWindow > int.MaxValue)
        {
            return false;
        }

        Resume();
        return true;
    }

    /// <summary>Goes on sending when the connection may; it no longer stands among those that wait. Under the gate.</summary>
    public void Retry()
    {
        _isWaiting = false;
        Resume();
    }

    /// <summary>Goes on sending. Under the gate.</summary>
    private void Resume()
    {
        if (BlockedSince != 0 && Send())
        {
            TryLeave();
        }
    }

    /// <summary>Sends the headers and what was written, and waits until the client has taken it as far as it must.</summary>
    private async ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken)
    {
        if (_starting is not null)
        {
            await StartAsync();
        }

        Task? wait;
        lock (Output.Gate)
        {
            HasStarted = true;
            wait = Send() ? Output.Drained : (_flushed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            Output.SendSoon();
        }

        if (!wait.IsCompletedSuccessfully)
        {
            await wait.WaitAsync(cancellationToken);
        }

        return new FlushResult(isCanceled: false, isCompleted: IsReset || Output.IsClosed);
    }

    private async Task StartAsync()
    {
        while (!HasStarted && _starting is { Count: > 0 })
        {
            var (callback, state) = _starting[^1];
            _starting.RemoveAt(_starting.Count - 1);
            await callback(state);
        }

        _starting = null;
        HasStarted = true;
    }

    private async Task CompleteAsync()
    {
        await StartAsync();
        lock (Output.Gate)
        {
            _isComplete = true;
            Send();
            Output.SendSoon();
        }
    }

    /// <summary>The application has failed before it answered.</summary>
    private void Fail(Exception failure)
    {
        _responseHeaders.Clear();
        _responseTrailers?.Clear();
        _response.Clear();
        StatusCode = (failure as BadHttpRequestException)?.StatusCode ?? StatusCodes.Status500InternalServerError;
    }

    /// <summary>Sends what there is and may be sent; false where some has to wait for the client. Under the gate.</summary>
    private bool Send()
    {
        if (IsReset)
        {
            _response.Sent(_response.Length);
            return true;
        }

        if (Head.Method == HttpMethods.Head)
        {
            _response.Sent(_response.Length);
        }

        var hasTrailers = _isComplete && _responseTrailers is { Count: > 0 };
        if (!_areHeadersSent)
        {
            HasStarted = _areHeadersSent = true;
            _isEndSent = _isComplete && _response.Length == 0 && !hasTrailers;
            SendFields(_responseHeaders, StatusCode, _isEndSent);
        }

        while (_response.Length > 0)
        {
            var length = (int)Math.Min(Math.Min(_response.Length, Connection.FrameSize), Math.Min(_sendWindow, Connection.SendWindow));
            if (length <= 0)
            {
                BlockedSince = BlockedSince == 0 ? Environment.TickCount64 : BlockedSince;
                if (Connection.SendWindow <= 0 && !_isWaiting)
                {
                    _isWaiting = true;
                    Connection.Block(this);
                }

                return false;
            }

            _isEndSent = _isComplete && length == _response.Length && !hasTrailers;
            Output.WriteData(Id, _response.Unsent[..length], _isEndSent);
            _response.Sent(length);
            _sendWindow -= length;
            Connection.SendWindow -= length;
            BlockedSince = 0;
        }

        BlockedSince = 0;
        if (_isComplete && !_isEndSent)
        {
            _isEndSent = true;
            SendEnd(hasTrailers);
        }

        _flushed?.TrySetResult();
        _flushed = null;
        return true;
    }

    private void SendEnd(bool hasTrailers)
    {
        if (hasTrailers)
        {
            SendFields(_responseTrailers!, status: 0, isLast: true);
        }
        else
        {
            Output.WriteData(Id, [], isLast: true);
        }
    }

    private void SendFields(HeaderDictionary fields, int status, bool isLast)
    {
        var most = HpackWriter.MostStatus;
        foreach (var (name, values) in fields)
        {
            most += MostOf(name, values);
        }

        var rented = most > 512 ? ArrayPool<byte>.Shared.Rent(most) : null;
        var block = rented ?? stackalloc byte[512];
        var written = status == 0 ? 0 : HpackWriter.WriteStatus(block, status);
        foreach (var (name, values) in fields)
        {
            for (var i = 0; i < values.Count; i++)
            {
                written += values[i] is { } value ? HpackWriter.WriteField(block[written..], name, value) : 0;
            }
        }

        Output.WriteHeaders(Id, block[..written], isLast, Connection.FrameSize);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private static int MostOf(string name, StringValues values)
    {
        var most = 0;
        for (var i = 0; i < values.Count; i++)
        {
            most += HpackWriter.Most(name, values[i] ?? "");
        }

        return most;
    }

    private void ClearResponse()
    {
        _responseHeaders.Clear();
        _responseTrailers?.Clear();
        (_starting, _completed, _flushed) = (null, null, null);
        (_areHeadersSent, _isComplete, _isEndSent, _hasLeft, HasStarted) = (false, false, false, false, false);
        BlockedSince = 0;
        StatusCode = StatusCodes.Status200OK;
    }

    /// <summary>The answer's body as a pipe.</summary>
    private sealed class ResponseWriter(Http2Stream stream) : PipeWriter
    {
        public override bool CanGetUnflushedBytes => true;

        public override long UnflushedBytes => stream._response.Length;

        public override void Advance(int bytes) => stream._response.Advance(bytes);

        public override Memory<byte> GetMemory(int sizeHint = 0)
        {
            if (stream.BlockedSince == 0)
            {
                return stream._response.GetMemory(sizeHint);
            }

            lock (stream.Output.Gate)
            {
                return stream._response.GetMemory(sizeHint);
            }
        }

        public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => stream.FlushAsync(cancellationToken);

        public override void CancelPendingFlush()
        {
            lock (stream.Output.Gate)
            {
                stream._flushed?.TrySetResult();
            }
        }

        public override void Complete(Exception? exception = null)
        {
            // The answer ends with the request.
        }
    }
}
