using System.Collections.Concurrent;
using Serving.Runtime.Inference;

namespace Serving.Runtime.Batching;

/// <summary>A model's requests that have been answered, to be filled again: those in flight cost memory once.</summary>
/// <param name="inputs">How many inputs the model has.</param>
/// <param name="lengths">How many classes of lengths its padding has.</param>
/// <param name="completed">Called once for each request when its answer is taken: when it was accepted, as a timestamp, and the answer.</param>
/// <param name="time">The clock.</param>
internal sealed class RequestPool(int inputs, int lengths, Action<InferenceRequest, long, Outcome<InferenceResponse>> completed, TimeProvider time)
{
    /// <summary>More than that are left to the garbage collector. Arbitrary: as many as a busy server has in flight.</summary>
    private const int Most = 1024;

    private readonly ConcurrentQueue<PendingRequest> _free = new();
    private int _count;

    public PendingRequest Rent()
    {
        if (!_free.TryDequeue(out var request))
        {
            return new PendingRequest(this, Blank(), time);
        }

        Interlocked.Decrement(ref _count);
        return request;
    }

    /// <summary>An accepted request that is not in the pool.</summary>
    public AcceptedRequest Blank() => new(inputs, lengths);

    public void Return(PendingRequest request)
    {
        if (Volatile.Read(ref _count) < Most)
        {
            request.Reset();
            Interlocked.Increment(ref _count);
            _free.Enqueue(request);
        }
    }

    internal void Completed(PendingRequest request, in Outcome<InferenceResponse> outcome) =>
        completed(request.Accepted.Request, request.Enqueued, outcome);
}
