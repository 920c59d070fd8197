namespace Serving.Server.Grpc.Protocol;

/// <summary>
/// When a call's answer becomes worthless. Cancels the call's token then, and when the client goes away.
/// Calls without a deadline cost nothing: their token is the request's own.
/// </summary>
/// <param name="time">The clock; deadlines are its timestamps.</param>
/// <param name="passed">Called once, before the token is cancelled, when the deadline passes.</param>
internal sealed class CallDeadline(TimeProvider time, Action passed) : IDisposable
{
    /// <summary>No deadline farther off is kept: timers do not reach much farther, and nobody waits that long.</summary>
    private static readonly TimeSpan Farthest = TimeSpan.FromDays(30);

    private long _received;
    private CancellationToken _aborted;
    private CancellationTokenSource? _cancellation;
    private CancellationTokenRegistration _abort;
    private ITimer? _timer;
    private int _passed;

    /// <summary>The deadline as a timestamp; 0 for none.</summary>
    public long Timestamp { get; private set; }

    /// <summary>Whether the deadline has passed.</summary>
    public bool HasPassed => Volatile.Read(ref _passed) == 1;

    /// <summary>Cancelled when the deadline passes or the client goes away.</summary>
    public CancellationToken Token => _cancellation?.Token ?? _aborted;

    /// <summary>Starts without a deadline. Not to be called again where one has been set: its timer may be about to strike.</summary>
    /// <param name="received">When the call came.</param>
    /// <param name="aborted">Cancelled when the client goes away.</param>
    public void Begin(long received, CancellationToken aborted)
    {
        _received = received;
        _aborted = aborted;
    }

    /// <summary>Sets the deadline to <paramref name="timeout"/> after the call came, unless it is earlier already.</summary>
    public void Shorten(TimeSpan timeout)
    {
        if (timeout > Farthest)
        {
            return;
        }

        var timestamp = _received + (long)Math.Ceiling(timeout.TotalSeconds * time.TimestampFrequency);
        if (Timestamp != 0 && Timestamp <= timestamp)
        {
            return;
        }

        Timestamp = timestamp;
        var left = time.GetElapsedTime(time.GetTimestamp(), timestamp);
        left = left > TimeSpan.Zero ? left : TimeSpan.Zero;
        if (_timer is not null)
        {
            _timer.Change(left, Timeout.InfiniteTimeSpan);
            return;
        }

        _cancellation = new CancellationTokenSource();
        _abort = _aborted.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _cancellation);
        _timer = time.CreateTimer(static state => ((CallDeadline)state!).Pass(), this, left, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Stops the clock. The token source is not disposed: the timer may be about to cancel it.</summary>
    public void Dispose()
    {
        _timer?.Dispose();
        _abort.Dispose();
    }

    private void Pass()
    {
        if (Interlocked.Exchange(ref _passed, 1) == 0)
        {
            passed();
            _cancellation!.Cancel();
        }
    }
}
