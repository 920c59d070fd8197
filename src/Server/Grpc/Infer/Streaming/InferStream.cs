using System.Buffers;
using System.Runtime.ExceptionServices;
using System.Threading.Channels;
using Serving.Runtime.Inference;
using Serving.Runtime.Tensors;
using Serving.Server.Grpc.Protocol;
using Serving.Server.Outputs;
using Serving.Server.SharedMemory;

namespace Serving.Server.Grpc.Infer.Streaming;

/// <summary>
/// One ModelStreamInfer call. 1. A loop reads requests and gives each to the engine at once, as long as the window has room.
/// 2. Another writes the answers in the order of the requests, as Triton does. 3. The call ends when both have: whatever ends it
/// early stops the requests in flight and waits for them, so that nothing of theirs outlives it.
/// </summary>
internal sealed class InferStream : IDisposable
{
    /// <summary>Two batches of the default size: one to run while the next is read. Arbitrary beyond that.</summary>
    private const int MostInFlight = 64;

    private readonly RpcCall _call;
    private readonly EngineDoor _engine;
    private readonly SharedMemoryAccess _memory;
    private readonly TimeProvider _time;
    private readonly long _limit;
    private readonly CancellationToken _draining;
    private readonly bool _endsWithError;
    private readonly CancellationTokenSource _stop;
    private readonly CancellationTokenSource _reading;
    private readonly StreamWindow _window;
    private readonly Channel<Task<StreamAnswer>> _answers =
        Channel.CreateUnbounded<Task<StreamAnswer>>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });

    /// <param name="call">The call.</param>
    /// <param name="engine">Where requests go.</param>
    /// <param name="memory">Whether, and which, regions of shared memory the caller may name.</param>
    /// <param name="time">The clock.</param>
    /// <param name="limit">The most bytes of a message.</param>
    /// <param name="draining">Cancelled when no further request is to be read.</param>
    public InferStream(RpcCall call, EngineDoor engine, SharedMemoryAccess memory, TimeProvider time, long limit, CancellationToken draining)
    {
        _call = call;
        _engine = engine;
        _memory = memory;
        _time = time;
        _limit = limit;
        _draining = draining;
        _endsWithError = call.GetMetadata("triton_grpc_error") == "true";
        _stop = CancellationTokenSource.CreateLinkedTokenSource(call.CancellationToken);
        _reading = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token, draining);
        _window = new StreamWindow(MostInFlight, limit);
    }

    /// <summary>Null where the client has closed its side and has all answers, else why the stream ended before.</summary>
    public async ValueTask<InferenceFailure?> RunAsync()
    {
        var writing = WriteAllAsync();
        try
        {
            var unread = await ReadAllAsync();
            _answers.Writer.Complete();
            return await writing ?? unread;
        }
        catch
        {
            await _stop.CancelAsync();
            _answers.Writer.TryComplete();
            await ((Task)writing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }
    }

    public void Dispose()
    {
        _reading.Dispose();
        _stop.Dispose();
    }

    private async ValueTask<InferenceFailure?> ReadAllAsync()
    {
        try
        {
            while (true)
            {
                await _window.WaitAsync(_reading.Token);
                if (!await _call.Reader.MoveNextAsync(_reading.Token))
                {
                    return _call.Reader.Failure;
                }

                var message = _call.Reader.Take();
                _window.Enter(message.Length);
                _answers.Writer.TryWrite(AnswerAsync(message, _time.GetTimestamp()));
            }
        }
        catch (OperationCanceledException) when (_reading.IsCancellationRequested)
        {
            // Who stopped it knows why, except for the server's end; the writer drains what is in flight either way.
            return _stop.IsCancellationRequested || !_draining.IsCancellationRequested
                ? InferenceFailure.Cancelled
                : new InferenceFailure(InferenceError.Unavailable, "the server is shutting down; this stream's requests that it had read are answered");
        }
    }

    /// <summary>Owns the message until the engine has answered.</summary>
    private async Task<StreamAnswer> AnswerAsync(PooledBuffer message, long received)
    {
        using (message)
        {
            var sequence = new ReadOnlySequence<byte>(message.Memory);
            if (!ModelInferScanner.Scan(sequence).TryGetValue(out var scanned, out var failure))
            {
                return new StreamAnswer(message.Length, request: null, failure);
            }

            if (!Prepare(scanned, received).TryGetValue(out var prepared, out failure))
            {
                return new StreamAnswer(message.Length, scanned, failure);
            }

            using (prepared)
            {
                var outcome = await _engine.Infer(prepared.Request, _stop.Token);
                return new StreamAnswer(message.Length, scanned, OutputDelivery.Apply(outcome, prepared.Demands), prepared.Demands);
            }
        }
    }

    private Outcome<PreparedRequest> Prepare(ScannedRequest scanned, long received)
    {
        if (InferRules.TryGetTimeout(scanned, out var timeout) is { } wrong)
        {
            return wrong;
        }

        // The timeout is the request's own: the stream goes on when it has passed.
        var own = timeout is { } wait ? received + Math.Max(1, (long)(wait.TotalSeconds * _time.TimestampFrequency)) : long.MaxValue;
        var deadline = Math.Min(own, _call.Deadline == 0 ? long.MaxValue : _call.Deadline);
        return PreparedRequest.Create(scanned, received, deadline == long.MaxValue ? 0 : deadline, _limit, _memory);
    }

    /// <summary>Writes the answers until there are no more requests; after a failure to write, only waits for those in flight.</summary>
    private async Task<InferenceFailure?> WriteAllAsync()
    {
        InferenceFailure? end = null;
        ExceptionDispatchInfo? fault = null;
        await foreach (var pending in _answers.Reader.ReadAllAsync())
        {
            try
            {
                using var answer = await pending;
                end ??= _stop.IsCancellationRequested ? InferenceFailure.Cancelled : await WriteAsync(answer);
                _window.Leave(answer.Bytes);
            }
            catch (Exception exception)
            {
                fault ??= ExceptionDispatchInfo.Capture(exception);
            }

            if (end is not null || fault is not null)
            {
                await _stop.CancelAsync();
            }
        }

        fault?.Throw();
        return end;
    }

    /// <summary>Null, or the failure with which the stream is to end.</summary>
    private async ValueTask<InferenceFailure?> WriteAsync(StreamAnswer answer)
    {
        // Answers that are ready together leave together.
        var flush = !(_answers.Reader.TryPeek(out var next) && next.IsCompleted);
        if (answer.ToMessage().TryGetValue(out var message, out var failure))
        {
            await _call.WriteAsync(message, flush);
            return null;
        }

        if (_endsWithError)
        {
            return failure;
        }

        await _call.WriteAsync(answer.ToMessage(failure), flush);
        return null;
    }
}
