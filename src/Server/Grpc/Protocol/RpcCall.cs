using System.Globalization;
using Microsoft.AspNetCore.Http.Features;
using Serving.Server.Transfer;

namespace Serving.Server.Grpc.Protocol;

/// <summary>
/// One call in progress: its request, its deadline and its answer. Whoever comes first ends it, the handler or the deadline;
/// what the other would have written is dropped. The handler runs to its end in any case, so memory that it uses stays valid.
/// </summary>
internal sealed class RpcCall : IDisposable
{
    private const int Idle = 0;
    private const int Writing = 1;
    private const int Ended = 2;

    private static readonly string[] CodeTexts =
        [.. Enumerable.Range(0, (int)StatusCode.Unauthenticated + 1).Select(code => code.ToString(CultureInfo.InvariantCulture))];

    private readonly TimeProvider _time;
    private readonly CallDeadline _deadline;
    private readonly PacedWriter _body;
    private readonly MessageWriter _writer;
    private List<KeyValuePair<string, string>>? _trailers;
    private TaskCompletionSource? _deadlineAnswered;
    private bool _started;
    private int _state;

    /// <param name="transfer">How long the client may take for each piece of a message, and the clock.</param>
    /// <param name="messageLimit">The longest message accepted.</param>
    public RpcCall(TransferLimits transfer, long messageLimit)
    {
        _time = transfer.Time;
        _deadline = new CallDeadline(_time, AnswerDeadline);
        _body = new PacedWriter(transfer);
        _writer = new MessageWriter(_body);
        Reader = new MessageReader(messageLimit, transfer);
    }

    public HttpContext Http { get; private set; } = null!;

    /// <summary>When the call came, as a timestamp.</summary>
    public long Received { get; private set; }

    /// <summary>When its answer becomes worthless, as a timestamp; 0 for never.</summary>
    public long Deadline => _deadline.Timestamp;

    /// <summary>Whether the deadline has passed.</summary>
    public bool DeadlinePassed => _deadline.HasPassed;

    /// <summary>Cancelled when the deadline passes or the client goes away. Ask again after <see cref="ShortenDeadline"/>.</summary>
    public CancellationToken CancellationToken => _deadline.Token;

    /// <summary>The request's messages.</summary>
    public MessageReader Reader { get; }

    /// <summary>What the method keeps from one step to the next; disposed when the call ends, and kept for the next one.</summary>
    public IDisposable? Item { get; set; }

    /// <summary>Starts a call. What one before it has left is gone.</summary>
    /// <param name="context">The request.</param>
    /// <param name="requestEncoding">How the request's messages are compressed.</param>
    public void Begin(HttpContext context, MessageEncoding requestEncoding)
    {
        Http = context;
        Received = _time.GetTimestamp();
        _started = false;
        _state = Idle;
        _trailers = null;
        _deadline.Begin(Received, context.RequestAborted);
        _body.Begin(context);
        _writer.Encoding = MessageEncodings.ForResponse(requestEncoding, context.Request.Headers);
        Reader.Begin(context.Request.BodyReader, requestEncoding);
    }

    /// <summary>Request metadata; null where the client sent none of that name.</summary>
    public string? GetMetadata(string name) => Http.Request.Headers.TryGetValue(name, out var values) ? values.ToString() : null;

    /// <summary>Metadata to send after the last message.</summary>
    public void AddTrailer(string name, string value) => (_trailers ??= []).Add(new(name, value));

    /// <summary>Sets the deadline to a time after the call came, unless it is earlier already.</summary>
    public void ShortenDeadline(TimeSpan timeout)
    {
        _deadlineAnswered ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _deadline.Shorten(timeout);
    }

    /// <summary>Sends a message, at once where <paramref name="flush"/>. Drops it where the deadline has answered already.</summary>
    public async ValueTask WriteAsync<TMessage>(TMessage message, bool flush)
        where TMessage : IWireMessage
    {
        if (Interlocked.CompareExchange(ref _state, Writing, Idle) != Idle)
        {
            return;
        }

        try
        {
            await StartAsync();
            await _writer.WriteAsync(message, CancellationToken);
            if (flush)
            {
                await _body.FlushAsync(CancellationToken);
            }
        }
        finally
        {
            Volatile.Write(ref _state, Idle);
        }
    }

    /// <summary>Ends the call with its status, unless the deadline has ended it; then waits until that has been sent.</summary>
    public Task EndAsync(RpcStatus status)
    {
        if (Interlocked.CompareExchange(ref _state, Ended, Idle) != Idle)
        {
            return _deadlineAnswered!.Task;
        }

        WriteStatus(status, _trailers);
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        Item?.Dispose();
        Reader.Release();
        _deadline.Dispose();
    }

    private Task StartAsync()
    {
        if (_started)
        {
            return Task.CompletedTask;
        }

        _started = true;
        if (_writer.Encoding != MessageEncoding.Identity)
        {
            Http.Response.Headers["grpc-encoding"] = _writer.Encoding.Name();
        }

        return Http.Response.StartAsync(CancellationToken);
    }

    /// <summary>A call that sent no message ends with its status in the response's only block of headers, others with trailers.</summary>
    private void WriteStatus(RpcStatus status, List<KeyValuePair<string, string>>? trailers)
    {
        var headers = _started ? Http.Features.GetRequiredFeature<IHttpResponseTrailersFeature>().Trailers : Http.Response.Headers;
        headers["grpc-status"] = CodeTexts[(int)status.Code];
        if (status.Message.Length > 0)
        {
            headers["grpc-message"] = StatusText.Encode(status.Message);
        }

        if (status.RetryAfter is { } retryAfter)
        {
            headers["grpc-retry-pushback-ms"] = ((long)retryAfter.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
        }

        for (var i = 0; i < trailers?.Count; i++)
        {
            headers.Append(trailers[i].Key, trailers[i].Value);
        }
    }

    private void AnswerDeadline()
    {
        if (Interlocked.CompareExchange(ref _state, Ended, Idle) == Idle)
        {
            _ = SendDeadlineAsync();
        }
    }

    private async Task SendDeadlineAsync()
    {
        try
        {
            // Without the handler's trailers: it may be adding to them.
            WriteStatus(RpcStatus.DeadlineExceeded, trailers: null);
            await Http.Response.CompleteAsync();
            _deadlineAnswered!.SetResult();
        }
        catch (Exception e)
        {
            // Reaches the runner, which treats it as every exception of a call.
            _deadlineAnswered!.SetException(e);
        }
    }
}
