using System.Runtime.InteropServices;
using Serving.Runtime.Onnx;

namespace Serving.Runtime.Batching;

/// <summary>Requests that run together. When every one of them has left, the run is ended.</summary>
internal sealed class Batch : IThreadPoolWorkItem
{
    /// <summary>So many waiters are told by one thread; more by two, so that the last does not wait for all before it. Arbitrary.</summary>
    private const int FewWaiters = 8;

    private readonly Lock _gate = new();
    private readonly List<PendingRequest> _members = [];
    private readonly List<PendingRequest> _answered = [];
    private int _told;
    private int _left;
    private bool _sealed;

    public ReadOnlySpan<PendingRequest> Members => CollectionsMarshal.AsSpan(_members);

    public int Rows { get; private set; }

    /// <summary>The greatest length of a member.</summary>
    public int Length { get; private set; } = 1;

    /// <summary>Seconds that its run is expected to take; 0 while nothing is known.</summary>
    public double Predicted { get; set; }

    /// <summary>Whether more waited when it was formed.</summary>
    public bool HasMore { get; set; }

    public RunCancellation Cancellation { get; } = new();

    /// <summary>Makes room for so many members.</summary>
    public void Reserve(int members)
    {
        _members.EnsureCapacity(members);
        _answered.EnsureCapacity(members);
    }

    /// <summary>Takes a request in; false where it has been answered meanwhile.</summary>
    public bool TryAdd(PendingRequest request)
    {
        if (!request.TryBeginReading(this))
        {
            return false;
        }

        _members.Add(request);
        Rows += request.Accepted.Rows;
        Length = Math.Max(Length, request.Accepted.Length);
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

    /// <summary>A member was answered with its part of a run; who waits for it is yet to be told.</summary>
    public void Answered(PendingRequest member) => _answered.Add(member);

    /// <summary>
    /// Tells those who wait, on this thread and perhaps another. To be called when the thread no longer counts as one that runs graphs.
    /// Members must not be touched afterwards.
    /// </summary>
    public void Deliver()
    {
        if (_answered.Count > FewWaiters && Environment.ProcessorCount > 1)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }

        Tell();
    }

    /// <summary>The same without this thread.</summary>
    public void DeliverElsewhere() => ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);

    void IThreadPoolWorkItem.Execute() => Tell();

    private void Tell()
    {
        for (var next = Next(); next < _answered.Count; next = Next())
        {
            _answered[next].Deliver();
        }

        int Next() => Interlocked.Increment(ref _told) - 1;
    }

    private void CancelIfEmpty()
    {
        if (_sealed && _left == _members.Count)
        {
            Cancellation.Cancel();
        }
    }
}
