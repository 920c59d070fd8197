using System.Threading.Tasks.Sources;
using Serving.Runtime.Inference;

namespace Serving.Runtime.Batching;

/// <summary>
/// A request between its acceptance and its answer. It is answered exactly once: by a batch, or by its cancellation or
/// deadline, which take effect at once while its inputs are not being read, and as soon as they no longer are otherwise.
/// Who waits is told apart from that, by <see cref="Deliver"/>: never on a thread that runs graphs.
/// </summary>
internal sealed class PendingRequest : IValueTaskSource<Outcome<InferenceResponse>>, IThreadPoolWorkItem, IDisposable
{
    private readonly Lock _gate = new();
    private readonly RequestPool _pool;
    private readonly TimeProvider _time;
    private readonly OutputCopies _copies = new();
    private ManualResetValueTaskSourceCore<Outcome<InferenceResponse>> _completion;
    private CancellationTokenRegistration _cancellation;
    private ITimer? _deadline;
    private BatchOutputs? _outputs;
    private InferenceResponse? _response;
    private OutputTensor[]? _tensors;
    private Outcome<InferenceResponse> _outcome;
    private Stage _stage;
    private InferenceFailure? _abandoned;
    private Batcher? _batcher;
    private Batch? _batch;
    private int _holders;

    public PendingRequest(RequestPool pool, AcceptedRequest accepted, TimeProvider time)
    {
        _pool = pool;
        _time = time;
        Accepted = accepted;
    }

    private enum Stage : byte
    {
        Queued,

        /// <summary>Its inputs are being read.</summary>
        Reading,
        Running,
        Answered,
    }

    public AcceptedRequest Accepted { get; }

    /// <summary>When it was accepted, as a timestamp of the time provider.</summary>
    public long Enqueued { get; private set; }

    /// <summary>Where it waits in its batcher's queue; the batcher's.</summary>
    internal int Slot { get; private set; } = -1;

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

    /// <summary>Starts to watch for the client's cancellation and the deadline. Called once, when it is accepted and before it is queued.</summary>
    public void Begin(CancellationToken cancellationToken)
    {
        Enqueued = _time.GetTimestamp();
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
            static state => ((PendingRequest)state!).Cancel(), this);
    }

    /// <summary>It waits in a queue from now on.</summary>
    public void Place(Batcher batcher, int slot)
    {
        _batcher = batcher;
        Slot = slot;
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
            Refuse(abandoned);
        }
    }

    /// <summary>
    /// Answers it with its part of a run, unless it has been answered; then the part is given back. Whoever has answered it delivers.
    /// </summary>
    /// <param name="outputs">The run's outputs, of which it now has a share.</param>
    /// <param name="label">The model that answers.</param>
    /// <param name="details">What is known of its outputs.</param>
    /// <param name="offset">Its first row.</param>
    /// <param name="times">When the run's stages were reached.</param>
    /// <exception cref="Onnx.GraphException">An output cannot be cut.</exception>
    public bool TryAnswer(BatchOutputs outputs, ModelLabel label, IReadOnlyDictionary<string, OutputDetails> details, int offset, in RunTimes times)
    {
        var response = MakeResponse(outputs, offset);
        response.Begin(this);
        (response.ModelName, response.ModelVersion, response.OutputDetails) = (label.Name, label.Version, details);
        (response.Id, response.Rows) = (Accepted.Request.Id, Accepted.Rows);
        response.Stages = times.ToStages(Enqueued, Accepted.Request.Received, _time);
        lock (_gate)
        {
            if (_stage != Stage.Answered)
            {
                _stage = Stage.Answered;
                _outcome = response;
                _outputs = outputs;

                // Who waits for it, and who has the response: the second to let go makes it free for the next request.
                _holders = 2;
                return true;
            }
        }

        _copies.Dispose();
        outputs.Release();
        return false;
    }

    /// <summary>Answers it with a failure, unless it has been answered, and tells who waits on another thread.</summary>
    public void Refuse(InferenceFailure failure)
    {
        lock (_gate)
        {
            if (_stage == Stage.Answered)
            {
                return;
            }

            _stage = Stage.Answered;
            _outcome = failure;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <summary>Tells who waits, on this thread. After that it may be another request, and must not be touched.</summary>
    public void Deliver()
    {
        _deadline?.Dispose();
        _completion.SetResult(_outcome);
    }

    /// <summary>The response is no longer used: its outputs are given back.</summary>
    public void Dispose()
    {
        _copies.Dispose();
        _outputs!.Release();
        LetGo();
    }

    /// <summary>Makes it ready for the next request.</summary>
    public void Reset()
    {
        Accepted.Clear();
        _completion.Reset();
        _cancellation = default;
        _outputs = null;
        _outcome = default;
        _stage = Stage.Queued;
        _batch = null;
        Slot = -1;
    }

    void IThreadPoolWorkItem.Execute() => Deliver();

    Outcome<InferenceResponse> IValueTaskSource<Outcome<InferenceResponse>>.GetResult(short token)
    {
        // Waits until a cancellation that is under way is done, so that none can strike the next request.
        _cancellation.Dispose();
        var outcome = _completion.GetResult(token);
        _pool.Completed(this, outcome);
        if (outcome.Failure is null)
        {
            LetGo();
        }

        return outcome;
    }

    ValueTaskSourceStatus IValueTaskSource<Outcome<InferenceResponse>>.GetStatus(short token) => _completion.GetStatus(token);

    void IValueTaskSource<Outcome<InferenceResponse>>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _completion.OnCompleted(continuation, state, token, flags);

    // Where the client's side allows it, the same objects answer again and again.
    private InferenceResponse MakeResponse(BatchOutputs outputs, int offset)
    {
        var isReused = Accepted.Request.ReusesAnswer;
        var tensors = outputs.Cut(Accepted, offset, _copies, isReused ? _tensors : null);
        var response = (isReused ? _response : null) ?? new InferenceResponse(null) { ModelName = "", ModelVersion = "", Outputs = tensors };
        response.Outputs = tensors;
        if (isReused)
        {
            (_response, _tensors) = (response, tensors);
        }

        return response;
    }

    // A request with a deadline is not used again: its timer may be about to strike. Nor is one that failed: its batch may still hold it.
    private void LetGo()
    {
        if (Interlocked.Decrement(ref _holders) == 0 && _deadline is null)
        {
            _pool.Return(this);
        }
    }

    // Who keeps the deadline cancels when it passes, and may be earlier than our own timer by a hair.
    private void Cancel() => Abandon(
        Accepted.Request.Deadline is not 0 and var deadline && _time.GetTimestamp() >= deadline ? InferenceFailure.DeadlineExceeded : InferenceFailure.Cancelled);

    private void Abandon(InferenceFailure reason)
    {
        Batch? batch;
        Stage stage;
        lock (_gate)
        {
            if (_abandoned is not null || _stage == Stage.Answered)
            {
                return;
            }

            _abandoned = reason;
            stage = _stage;
            batch = _batch;
            if (stage != Stage.Reading)
            {
                // Together with the above: between the two a batch could answer, and the next request would be taken for an abandoned one.
                _stage = Stage.Answered;
                _outcome = reason;
            }
        }

        if (stage == Stage.Queued)
        {
            _batcher?.Leave(this);
        }

        if (stage != Stage.Reading)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }

        batch?.MemberLeft();
    }
}
