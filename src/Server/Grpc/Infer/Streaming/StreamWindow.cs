namespace Serving.Server.Grpc.Infer.Streaming;

/// <summary>
/// Bounds what a stream holds: its requests from when they were read until their answers are written. Where it is full nothing
/// more is read, so that a client which does not take its answers is slowed down and not stored. One waits, others may leave.
/// </summary>
/// <param name="mostRequests">The most requests at a time.</param>
/// <param name="mostBytes">When their messages are as long together as this, no further one is read.</param>
internal sealed class StreamWindow(int mostRequests, long mostBytes)
{
    private readonly Lock _lock = new();
    private TaskCompletionSource? _waiter;
    private int _requests;
    private long _bytes;

    private bool HasRoom => _requests < mostRequests && _bytes < mostBytes;

    /// <summary>Waits until another request may be read.</summary>
    public ValueTask WaitAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (HasRoom)
            {
                return ValueTask.CompletedTask;
            }

            _waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return new ValueTask(_waiter.Task.WaitAsync(cancellationToken));
        }
    }

    /// <summary>A request of so many bytes was read.</summary>
    public void Enter(int bytes)
    {
        lock (_lock)
        {
            _requests++;
            _bytes += bytes;
        }
    }

    /// <summary>Its answer was written, or is not wanted any more.</summary>
    public void Leave(int bytes)
    {
        lock (_lock)
        {
            _requests--;
            _bytes -= bytes;
            if (HasRoom)
            {
                _waiter?.TrySetResult();
            }
        }
    }
}
