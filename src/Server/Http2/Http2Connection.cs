using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Serving.Server.Http2.Frames;

namespace Serving.Server.Http2;

/// <summary>
/// A connection that speaks HTTP/2 (RFC 9113) from its first byte. One reader takes its frames apart and hands requests to the
/// application; answers leave through <see cref="FrameOutput"/>. A client that breaks the rules, or asks for more than it may, loses
/// its stream or the connection and harms nobody else.
/// </summary>
internal sealed partial class Http2Connection
{
    private readonly PipeReader _input;
    private readonly Func<Http2Connection, Http2Stream> _makeStream;
    private readonly Dictionary<int, Http2Stream> _streams = [];
    private readonly Stack<Http2Stream> _free = new();
    private readonly Queue<Http2Stream> _blocked = new();
    private readonly FrameReader _reader;
    private int _opened;
    private int _live;
    private int _forsaken;
    private int _owed;
    private int _receiveWindow = ConnectionLimits.ConnectionWindow;
    private volatile bool _isClosing;
    private bool _hasSaidSo;
    private TaskCompletionSource? _left;

    /// <param name="context">The connection.</param>
    /// <param name="limits">What it may ask.</param>
    /// <param name="makeStream">Makes a stream for the application that answers.</param>
    /// <param name="waitsForBody">Whether a path's requests are only handed over as a whole.</param>
    public Http2Connection(ConnectionContext context, ConnectionLimits limits, Func<Http2Connection, Http2Stream> makeStream, Func<string, bool> waitsForBody)
    {
        Context = context;
        Limits = limits;
        Output = new FrameOutput(context.Transport.Output);
        BodyOptions = new PipeOptions(context.Features.Get<IMemoryPoolFeature>()?.MemoryPool, pauseWriterThreshold: 0, useSynchronizationContext: false);
        _input = context.Transport.Input;
        _makeStream = makeStream;
        _waitsForBody = waitsForBody;
        _reader = new FrameReader(this);
    }

    public ConnectionContext Context { get; }

    public ConnectionLimits Limits { get; }

    public FrameOutput Output { get; }

    /// <summary>How the bodies of requests are held: in blocks of the web server's pool.</summary>
    public PipeOptions BodyOptions { get; }

    public string Id => Context.ConnectionId;

    /// <summary>What the client takes of all streams together. Under the gate.</summary>
    public long SendWindow { get; set; } = 65535;

    /// <summary>The longest payload that the client takes.</summary>
    public int FrameSize { get; private set; } = 16384;

    /// <summary>Serves the connection until it ends, and everything that it has begun.</summary>
    public async Task RunAsync()
    {
        Greet();
        using var closing = Context.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested.UnsafeRegister(
            static connection => ((Http2Connection)connection!).Close(), this) ?? default;
        Context.Features.Get<IConnectionHeartbeatFeature>()?.OnHeartbeat(static connection => ((Http2Connection)connection).Beat(), this);
        Exception reason = new ConnectionResetException("the client has closed the connection");
        try
        {
            await ReadAsync();
        }
        catch (ForeignProtocolException)
        {
            await RejectAsync();
        }
        catch (Http2Exception e)
        {
            reason = e;
            SayGoodbye(e.Error, e.Message);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or InvalidOperationException)
        {
            // The client has gone.
        }

        await EndAsync(reason);
    }

    /// <summary>No new requests: what is in progress is answered, then the connection ends.</summary>
    public void Close()
    {
        _isClosing = true;
        _input.CancelPendingRead();
    }

    /// <summary>A stream waits for the connection's window, and stands among those that do once. Under the gate.</summary>
    public void Block(Http2Stream stream) => _blocked.Enqueue(stream);

    /// <summary>The application has consumed a part of a request, or nobody will: the client may send as much again.</summary>
    public void Consumed(Http2Stream? stream, int length)
    {
        // Most requests are over when they are read, and small: their bytes are told to the client when they are many.
        if (Interlocked.Add(ref _owed, length) < ConnectionLimits.ConnectionWindow / 2 && stream is null or { IsRequestEnded: true })
        {
            return;
        }

        lock (Output.Gate)
        {
            if (Volatile.Read(ref _owed) >= ConnectionLimits.ConnectionWindow / 2)
            {
                var increment = Interlocked.Exchange(ref _owed, 0);
                Interlocked.Add(ref _receiveWindow, increment);
                Output.WriteWindowUpdate(0, increment);
            }

            if (stream is { IsRequestEnded: false })
            {
                stream.Owed += length;
                if (stream.Owed >= ConnectionLimits.StreamWindow / 2)
                {
                    stream.ReceiveWindow += stream.Owed;
                    Output.WriteWindowUpdate(stream.Id, stream.Owed);
                    stream.Owed = 0;
                }
            }

            Output.SendSoon();
        }
    }

    /// <summary>A stream was reset: to the client it is over, though its request may still be in progress. Under the gate.</summary>
    public void Forsake() => _forsaken++;

    /// <summary>A stream is done with. Under the gate.</summary>
    public void Leave(Http2Stream stream)
    {
        _streams.Remove(stream.Id);
        _live--;
        _forsaken -= stream.IsReset ? 1 : 0;
        Interlocked.Add(ref _owed, (int)stream.Body.Drop());
        if (!stream.IsReset && !stream.IsCut && !stream.IsWaiting && _free.Count < ConnectionLimits.Streams)
        {
            stream.Clear();
            _free.Push(stream);
        }

        if (_live == 0)
        {
            _left?.TrySetResult();
            if (_isClosing)
            {
                _input.CancelPendingRead();
            }
        }
    }

    private void Greet()
    {
        lock (Output.Gate)
        {
            Output.WriteSettings(
                (SettingId.MaxConcurrentStreams, ConnectionLimits.Streams),
                (SettingId.InitialWindowSize, ConnectionLimits.StreamWindow),
                (SettingId.MaxFrameSize, ConnectionLimits.FrameSize),
                (SettingId.MaxHeaderListSize, ConnectionLimits.HeaderBytes));
            Output.WriteWindowUpdate(0, ConnectionLimits.ConnectionWindow - 65535);
            Output.SendSoon();
        }
    }

    private async Task ReadAsync()
    {
        while (true)
        {
            var read = await _input.ReadAsync();
            var rest = read.Buffer;
            if (!rest.IsEmpty)
            {
                _heard = Environment.TickCount64;
            }

            try
            {
                _reader.Read(ref rest);
            }
            finally
            {
                _input.AdvanceTo(rest.Start, rest.End);
            }

            Task drained;
            lock (Output.Gate)
            {
                if (_isClosing && !TryStay())
                {
                    return;
                }

                Output.SendSoon();
                drained = Output.Drained;
                if (Output.IsClosed)
                {
                    return;
                }
            }

            if (read.IsCompleted)
            {
                return;
            }

            // Who does not take answers may not ask for more.
            await drained;
        }
    }

    /// <summary>Whether something is left to be answered on a connection that is to end. Says so to the client first. Under the gate.</summary>
    private bool TryStay()
    {
        if (!_hasSaidSo)
        {
            _hasSaidSo = true;
            Output.WriteGoAway(int.MaxValue, Http2Error.None);
        }

        if (_live > 0)
        {
            return true;
        }

        Output.WriteGoAway(_opened, Http2Error.None);
        return false;
    }

    /// <summary>Tells a client of HTTP/1 in its own words; what others would understand is not known.</summary>
    private async Task RejectAsync()
    {
        lock (Output.Gate)
        {
            Output.WriteText("HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Type: text/plain\r\nContent-Length: 40\r\n\r\nThis port speaks HTTP/2 and nothing else"u8);
        }

        await Output.CloseAsync();
    }

    private void SayGoodbye(Http2Error error, string message)
    {
        lock (Output.Gate)
        {
            Output.WriteGoAway(_opened, error, message);
        }
    }

    /// <summary>Ends what is still in progress, and waits until nobody uses the connection any more.</summary>
    private async Task EndAsync(Exception reason)
    {
        Task left;
        lock (Output.Gate)
        {
            _hasEnded = true;
            _left = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            foreach (var stream in _streams.Values.ToArray())
            {
                stream.Reset(reason);
            }

            if (_live == 0)
            {
                _left.TrySetResult();
            }

            left = _left.Task;
        }

        // The client need not wait for what it does not get.
        await Output.CloseAsync();
        await Context.Transport.Output.CompleteAsync();
        await _input.CompleteAsync();
        await left;
    }

    private bool TryFind(int id, [NotNullWhen(true)] out Http2Stream? stream) => _streams.TryGetValue(id, out stream);
}
