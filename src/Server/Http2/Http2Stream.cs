using System.Buffers;
using Microsoft.AspNetCore.Connections;

namespace Serving.Server.Http2;

/// <summary>
/// A request and its answer. Used again for the next request of its connection, unless it was reset, because then somebody may hold
/// on to it still. What the connection and the application both touch is guarded by <see cref="FrameOutput.Gate"/>.
/// </summary>
internal abstract partial class Http2Stream : IThreadPoolWorkItem
{
    /// <summary>Longer requests are handed over though they are not whole, so that they are taken up as they come.</summary>
    private const int LongestGathered = 64 * 1024;

    private readonly Action _processed;
    private ValueTask _processing;
    private CancellationTokenSource? _aborted;
    private bool _isHandled;

    protected Http2Stream(Http2Connection connection)
    {
        Connection = connection;
        Body = new RequestBody(length => Connection.Consumed(this, length), connection.BodyOptions);
        _headers = new RequestHeaders(Head);
        _writer = new ResponseWriter(this);
        _processed = Processed;
        Head.Clear();
        ClearRequest();
        ClearResponse();
    }

    public Http2Connection Connection { get; }

    public int Id { get; private set; }

    /// <summary>The request's header fields.</summary>
    public RequestHead Head { get; } = new(ConnectionLimits.HeaderBytes);

    public RequestBody Body { get; }

    /// <summary>Whether the application has been given the request.</summary>
    public bool IsDispatched { get; private set; }

    /// <summary>Whether the client has sent all of the request.</summary>
    public bool IsRequestEnded { get; private set; }

    /// <summary>Whether the request was answered before the client had sent all of it: the rest may be on its way.</summary>
    public bool IsCut { get; private set; }

    /// <summary>Whether one side has given the stream up.</summary>
    public bool IsReset { get; private set; }

    /// <summary>When the request began, as a tick count.</summary>
    public long Begun { get; private set; }

    /// <summary>When something of it came last, as a tick count.</summary>
    public long Heard { get; private set; }

    /// <summary>What the client may still send.</summary>
    public int ReceiveWindow { get; set; }

    /// <summary>What the application has consumed of the body and the client has not been told.</summary>
    public int Owed { get; set; }

    private FrameOutput Output => Connection.Output;

    /// <summary>A request begins.</summary>
    public void Begin(int id, int sendWindow)
    {
        Id = id;
        _sendWindow = sendWindow;
        ReceiveWindow = ConnectionLimits.StreamWindow;
        Begun = Heard = Environment.TickCount64;
    }

    /// <summary>Hands the request to the application, on a thread of the pool.</summary>
    public void Dispatch()
    {
        lock (Output.Gate)
        {
            if (IsDispatched || IsReset || _hasLeft)
            {
                return;
            }

            IsDispatched = true;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <summary>A part of the body has come; false where nobody will read it. Only the connection's reader calls this.</summary>
    public bool TryReceive(in ReadOnlySequence<byte> data)
    {
        Heard = Environment.TickCount64;
        _received += data.Length;
        var isHeld = Body.TryWrite(data);
        if (_received > LongestGathered)
        {
            Dispatch();
        }

        return isHeld;
    }

    /// <summary>The client has sent everything: the request is handed over. False where it is not as long as it said. Under the gate.</summary>
    public bool TryEndRequest()
    {
        if (IsReset || _hasLeft)
        {
            return true;
        }

        if (Head.Length >= 0 && Head.Length != _received)
        {
            return false;
        }

        // From then on the stream may be another request's as soon as it is answered.
        Body.End();
        IsRequestEnded = true;
        Dispatch();
        return true;
    }

    /// <summary>One side gives the stream up: nothing more is sent, and the application is told. Under the gate.</summary>
    public void Reset(Exception reason)
    {
        if (IsReset)
        {
            return;
        }

        IsReset = true;
        IsRequestEnded = true;
        Connection.Forsake();
        _flushed?.TrySetResult();
        if (!IsDispatched)
        {
            _isHandled = true;
        }

        ThreadPool.UnsafeQueueUserWorkItem(static state => state.Stream.Abandon(state.Reason), (Stream: this, Reason: reason), preferLocal: false);
        TryLeave();
    }

    /// <summary>The server gives the stream up.</summary>
    public void Abort(Http2Error error)
    {
        lock (Output.Gate)
        {
            if (!IsReset && !_isEndSent)
            {
                Output.WriteReset(Id, error);
                Output.SendSoon();
                Reset(new ConnectionAbortedException("the server gave the request up"));
            }
        }
    }

    /// <summary>Makes it ready for another request.</summary>
    public void Clear()
    {
        Body.Reset();
        Head.Clear();
        _headers.Reset();
        _response.Clear();
        ClearRequest();
        ClearResponse();
        (_isHandled, IsDispatched, IsRequestEnded, Owed) = (false, false, false, 0);
        if (_aborted?.TryReset() == false)
        {
            _aborted = null;
        }
    }

    void IThreadPoolWorkItem.Execute()
    {
        try
        {
            Prepare();
            _processing = ProcessAsync();
        }
        catch (Exception e)
        {
            _processing = ValueTask.FromException(e);
        }

        if (_processing.IsCompleted)
        {
            Processed();
        }
        else
        {
            _processing.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(_processed);
        }
    }

    /// <summary>Runs the application.</summary>
    protected abstract ValueTask ProcessAsync();

    /// <summary>The application is done.</summary>
    protected abstract void Release(Exception? exception);

    private void Processed()
    {
        Exception? failure = null;
        try
        {
            _processing.GetAwaiter().GetResult();
        }
        catch (Exception e)
        {
            failure = e;
        }

        _processing = default;
        if (_starting is null && _completed is null)
        {
            End(failure);
        }
        else
        {
            _ = EndAsync(failure);
        }
    }

    private async Task EndAsync(Exception? failure)
    {
        try
        {
            await StartAsync();
        }
        catch (Exception e)
        {
            failure ??= e;
        }

        var completed = _completed;
        End(failure);
        for (var i = completed?.Count - 1; i >= 0; i--)
        {
            var (callback, state) = completed![i.Value];
            await callback(state);
        }
    }

    private void End(Exception? failure)
    {
        if (failure is not null && !HasStarted)
        {
            Fail(failure);
        }

        Release(failure);
        lock (Output.Gate)
        {
            if (failure is not null && HasStarted && !_isEndSent && !IsReset)
            {
                // What has been sent cannot be taken back; the client must not take it for a whole answer.
                Output.WriteReset(Id, Http2Error.Internal);
                Reset(new ConnectionAbortedException("the application failed"));
            }

            _isComplete = true;
            Send();
            _isHandled = true;
            TryLeave();
            Output.SendSoon();
        }
    }

    /// <summary>The stream is done with once the application is and both directions are. Under the gate.</summary>
    private void TryLeave()
    {
        if (!_isHandled || !(IsReset || _isEndSent) || _hasLeft)
        {
            return;
        }

        _hasLeft = true;
        if (!IsRequestEnded)
        {
            // The answer is whole though the request is not (RFC 9113, section 8.1).
            Output.WriteReset(Id, Http2Error.None);
            IsRequestEnded = IsCut = true;
        }

        Connection.Leave(this);
    }

    private void Abandon(Exception reason)
    {
        Body.End(reason);
        _aborted?.Cancel();
        Body.CancelPendingRead();
    }
}
