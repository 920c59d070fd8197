namespace Serving.Runtime.Tests.Batching.Faults;

/// <summary>A clock whose hands and timers move only when told to.</summary>
internal sealed class SteppedTime : TimeProvider, IDisposable
{
    private readonly Lock _lock = new();
    private readonly List<Timer> _timers = [];
    private readonly SemaphoreSlim _made = new(0);
    private TimeSpan _passed = TimeSpan.FromDays(1);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _passed.Ticks;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch + _passed;

    /// <summary>Completes with the wait of the next timer that anybody has made, each once.</summary>
    public async Task<TimeSpan> NextTimerAsync()
    {
        await _made.WaitAsync().WaitAsync(EngineFixture.Timeout);
        lock (_lock)
        {
            return _timers[^1].Due - _passed;
        }
    }

    public void Pass(TimeSpan time)
    {
        List<Timer> due;
        lock (_lock)
        {
            _passed += time;
            due = _timers.FindAll(timer => timer.Due <= _passed);
            _timers.RemoveAll(due.Contains);
        }

        due.ForEach(timer => timer.Fire());
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, () => callback(state));
        lock (_lock)
        {
            timer.Due = _passed + dueTime;
            _timers.Add(timer);
        }

        _made.Release();
        return timer;
    }

    public void Dispose() => _made.Dispose();

    private sealed class Timer(SteppedTime time, Action fire) : ITimer
    {
        public TimeSpan Due { get; set; }

        public Action Fire => fire;

        public bool Change(TimeSpan dueTime, TimeSpan period) => throw new NotSupportedException();

        public void Dispose()
        {
            lock (time._lock)
            {
                time._timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
