using Serving.Runtime.Onnx;

namespace Serving.Runtime.Batching;

/// <summary>Requests that run together. When every one of them has left, the run is ended.</summary>
internal sealed class Batch
{
    private readonly Lock _gate = new();
    private int _left;
    private bool _sealed;

    public List<PendingRequest> Members { get; } = [];

    public int Rows { get; private set; }

    public RunCancellation Cancellation { get; } = new();

    /// <summary>Takes a request in; false where it has been answered meanwhile.</summary>
    public bool TryAdd(PendingRequest request)
    {
        if (!request.TryBeginReading(this))
        {
            return false;
        }

        Members.Add(request);
        Rows += request.Accepted.Rows;
        return true;
    }

    /// <summary>Nobody joins any more.</summary>
    public void Seal()
    {
        lock (_gate)
        {
            _sealed = true;
            CancelIfEmpty();
        }
    }

    /// <summary>A member was cancelled, or its deadline passed, while the batch was formed or ran.</summary>
    public void MemberLeft()
    {
        lock (_gate)
        {
            _left++;
            CancelIfEmpty();
        }
    }

    private void CancelIfEmpty()
    {
        if (_sealed && _left == Members.Count)
        {
            Cancellation.Cancel();
        }
    }
}
