using Serving.Runtime.Inference;
using Serving.Runtime.Pooling;

namespace Serving.Runtime.Batching;

/// <summary>A model's requests that have been answered, to be filled again: those in flight cost memory once.</summary>
internal sealed class RequestPool
{
    private readonly int _inputs;
    private readonly int _lengths;
    private readonly Action<InferenceRequest, long, Outcome<InferenceResponse>> _completed;
    private readonly ReusePool<PendingRequest> _free;

    /// <param name="inputs">How many inputs the model has.</param>
    /// <param name="lengths">How many classes of lengths its padding has.</param>
    /// <param name="completed">Called once for each request when its answer is taken: when it was accepted, as a timestamp, and the answer.</param>
    /// <param name="time">The clock.</param>
    public RequestPool(int inputs, int lengths, Action<InferenceRequest, long, Outcome<InferenceResponse>> completed, TimeProvider time)
    {
        _inputs = inputs;
        _lengths = lengths;
        _completed = completed;
        _free = new ReusePool<PendingRequest>(() => new PendingRequest(this, Blank(), time));
    }

    public PendingRequest Rent() => _free.Rent();

    /// <summary>An accepted request that is not in the pool.</summary>
    public AcceptedRequest Blank() => new(_inputs, _lengths);

    public void Return(PendingRequest request)
    {
        request.Reset();
        _free.Return(request);
    }

    internal void Completed(PendingRequest request, in Outcome<InferenceResponse> outcome) =>
        _completed(request.Accepted.Request, request.Enqueued, outcome);
}
