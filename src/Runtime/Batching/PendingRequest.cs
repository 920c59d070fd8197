using System.Threading.Tasks.Sources;
using Serving.Runtime.Inference;

namespace Serving.Runtime.Batching;

/// <summary>
/// A request between its acceptance and its answer. It is answered exactly once: by a batch, or by its cancellation or
/// deadline, which take effect at once while its inputs are not being read, and as soon as they no longer are otherwise.
/// </summary>
internal sealed class PendingRequest : IValueTaskSource<Outcome<InferenceResponse>>
{
    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private ManualResetValueTaskSourceCore<Outcome<InferenceResponse>> _completion = new() { RunContinuationsAsynchronously = true };
    private CancellationTokenRegistration _cancellation;
    private ITimer? _deadline;
    private Stage _stage;
    private InferenceFailure? _abandoned;
    private Batch? _batch;

    public PendingRequest(AcceptedRequest accepted, TimeProvider time)
    {
        Accepted = accepted;
        _time = time;
        Enqueued = time.GetTimestamp();
    }

    private enum Stage : byte
    {
        Queued,

        /// <summary>Its inputs are being copied.</summary>
        Reading,
        Running,
        Answered,
    }

    public AcceptedRequest Accepted { get; }

    /// <summary>When it was accepted, as a timestamp of the time provider.</summary>
    public long Enqueued { get; }

    /// <summary>Whether nobody waits for its answer any more.</summary>
    public bool IsAbandoned
    {
        get
        {
            lock (_gate)
            {
                return _abandoned is not null || _stage == Stage.Answered;
            }
        }
    }

    public ValueTask<Outcome<InferenceResponse>> Task => new(this, _completion.Version);

    /// <summary>Starts to watch for the client's cancellation and the deadline. Called once, before it is queued.</summary>
    public void Watch(CancellationToken cancellationToken)
    {
        if (Accepted.Request.Deadline != 0)
        {
            var left = _time.GetElapsedTime(Enqueued, Accepted.Request.Deadline);
            _deadline = _time.CreateTimer(
                static state => ((PendingRequest)state!).Abandon(InferenceFailure.DeadlineExceeded),
                this,
                left > TimeSpan.Zero ? left : TimeSpan.Zero,
                Timeout.InfiniteTimeSpan);
        }

        _cancellation = cancellationToken.UnsafeRegister(
            static state => ((PendingRequest)state!).Abandon(InferenceFailure.Cancelled), this);
    }

    /// <summary>Claims it for a batch; false where it has been answered meanwhile.</summary>
    public bool TryBeginReading(Batch batch)
    {
        lock (_gate)
        {
            if (_stage != Stage.Queued)
            {
                return false;
            }

            _stage = Stage.Reading;
            _batch = batch;
            return true;
        }
    }

    /// <summary>Its inputs are no longer read; if it was abandoned meanwhile, it is answered now.</summary>
    public void EndReading()
    {
        InferenceFailure? abandoned;
        lock (_gate)
        {
            if (_stage != Stage.Reading)
            {
                return;
            }

            _stage = Stage.Running;
            abandoned = _abandoned;
        }

        if (abandoned is not null)
        {
            Answer(abandoned);
        }
    }

    /// <summary>Answers it, unless it has been; then a response's memory is given back here.</summary>
    public bool Answer(Outcome<InferenceResponse> outcome)
    {
        lock (_gate)
        {
            if (_stage == Stage.Answered)
            {
                outcome.TryGetValue(out var response, out _);
                response?.Dispose();
                return false;
            }

            _stage = Stage.Answered;
        }

        _deadline?.Dispose();
        _completion.SetResult(outcome);
        return true;
    }

    Outcome<InferenceResponse> IValueTaskSource<Outcome<InferenceResponse>>.GetResult(short token)
    {
        _cancellation.Dispose();
        return _completion.GetResult(token);
    }

    ValueTaskSourceStatus IValueTaskSource<Outcome<InferenceResponse>>.GetStatus(short token) => _completion.GetStatus(token);

    void IValueTaskSource<Outcome<InferenceResponse>>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _completion.OnCompleted(continuation, state, token, flags);

    private void Abandon(InferenceFailure reason)
    {
        Batch? batch;
        bool reading;
        lock (_gate)
        {
            if (_abandoned is not null || _stage == Stage.Answered)
            {
                return;
            }

            _abandoned = reason;
            reading = _stage == Stage.Reading;
            batch = _batch;
        }

        if (!reading)
        {
            Answer(reason);
        }

        batch?.MemberLeft();
    }
}
