using System.Collections.Concurrent;

namespace Serving.Server.Tests.Hosting;

/// <summary>A clock whose timers fire only when the test says so.</summary>
internal sealed class StopClock : TimeProvider
{
    private readonly ConcurrentQueue<Alarm> _alarms = new();
    private readonly SemaphoreSlim _set = new(0);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var alarm = new Alarm(callback, state);
        _alarms.Enqueue(alarm);
        _set.Release();
        return alarm;
    }

    /// <summary>Waits until somebody has set a timer, and lets it fire.</summary>
    public async Task FireNextAsync(TimeSpan patience)
    {
        Assert.True(await _set.WaitAsync(patience));
        Assert.True(_alarms.TryDequeue(out var alarm));
        alarm.Fire();
    }

    private sealed class Alarm(TimerCallback callback, object? state) : ITimer
    {
        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
