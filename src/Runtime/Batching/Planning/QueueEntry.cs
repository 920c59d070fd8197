namespace Serving.Runtime.Batching.Planning;

/// <summary>A request in a queue.</summary>
internal struct QueueEntry<T>
{
    public T? Item;

    /// <summary>The request, with the time by which it should be answered as its deadline.</summary>
    public WaitingRequest Request;

    /// <summary>When its client stops waiting; infinity for never.</summary>
    public double ClientDeadline;

    /// <summary>Where it stands: smaller is served first; the number decides between equal keys.</summary>
    public double Key;
    public long Number;

    /// <summary>How far its tenant is ahead of its share, in seconds.</summary>
    public double Lag;

    /// <summary>Seconds that it takes in a full batch.</summary>
    public double Work;
    public QueueGroup<T>? Group;
    public TenantShare? Tenant;
    public int NextFree;

    public readonly bool IsBefore(in QueueEntry<T> other) => Key < other.Key || (Key == other.Key && Number < other.Number);
}
