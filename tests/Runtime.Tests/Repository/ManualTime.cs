namespace Serving.Runtime.Tests.Repository;

/// <summary>A clock that tests move. The time of day can be set apart from the time that passes, as people do with computers.</summary>
internal sealed class ManualTime : TimeProvider
{
    private TimeSpan _passed;

    public DateTimeOffset TimeOfDay { get; set; } = ScratchFolder.Written + TimeSpan.FromDays(1);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _passed.Ticks;

    public override DateTimeOffset GetUtcNow() => TimeOfDay;

    public void Pass(TimeSpan time)
    {
        _passed += time;
        TimeOfDay += time;
    }
}
