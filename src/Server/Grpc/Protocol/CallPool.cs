using System.Collections.Concurrent;
using Serving.Server.Transfer;

namespace Serving.Server.Grpc.Protocol;

/// <summary>Calls that have ended, to be begun again: what a call needs is made once for those in progress at a time.</summary>
/// <param name="transfer">How long a client may take for each piece of a message, and the clock.</param>
/// <param name="messageLimit">The longest message accepted.</param>
internal sealed class CallPool(TransferLimits transfer, long messageLimit)
{
    /// <summary>More than that are left to the garbage collector. Arbitrary: as many as a busy server has in progress.</summary>
    private const int Most = 1024;

    private readonly ConcurrentQueue<RpcCall> _free = new();
    private int _count;

    public RpcCall Rent()
    {
        if (!_free.TryDequeue(out var call))
        {
            return new RpcCall(transfer, messageLimit);
        }

        Interlocked.Decrement(ref _count);
        return call;
    }

    /// <summary>Gives a call back that has ended and that nobody uses; one with a deadline is not used again, because its timer may be about to strike.</summary>
    public void Return(RpcCall call)
    {
        if (call.Deadline == 0 && Volatile.Read(ref _count) < Most)
        {
            Interlocked.Increment(ref _count);
            _free.Enqueue(call);
        }
    }
}
