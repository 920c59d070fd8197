using Microsoft.Extensions.Logging.Abstractions;
using Serving.Runtime.Batching;
using Serving.Runtime.Batching.Faults;
using Serving.Runtime.Inference;

namespace Serving.Runtime.Tests.Batching.Faults;

/// <summary>The sample decides, not the client's rows; here the sample is a function.</summary>
public sealed class RunHealthTests : IDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly SteppedTime _time = new();
    private readonly SemaphoreSlim _ran = new(0);
    private volatile string? _complaint;
    private int _runs;

    [Fact]
    public void Failed_SampleRuns_StaysInServiceAndIsNotTriedMoreThanOnceASecond()
    {
        var health = Create();
        Fail(health, 1000);
        Assert.Null(health.Refusal());
        Assert.Equal(1, _runs);

        _time.Pass(Second);
        Fail(health, 1000);
        Assert.Null(health.Refusal());
        Assert.Equal(2, _runs);
    }

    [Fact]
    public void Failed_FewerThanTheRuleSays_SampleDoesNotRun()
    {
        _complaint = "broken";
        var health = Create();
        Fail(health, 4);
        Assert.Equal(0, _runs);
        Assert.False(health.IsOut);
    }

    [Fact]
    public void Failed_AnotherSucceedsMeanwhile_IsCountedAnew()
    {
        _complaint = "broken";
        var health = Create();
        for (var i = 0; i < 100; i++)
        {
            Fail(health, 4);
            health.Succeeded();
        }

        Assert.Equal(0, _runs);
        Assert.False(health.IsOut);
    }

    [Fact]
    public void Failed_SampleFailsTwice_IsRefusedWithReasonAndTime()
    {
        _complaint = "the device is lost";
        var health = Create();
        Fail(health, 5);
        _time.Pass(Second / 4);

        var refusal = health.Refusal();
        Assert.Equal(2, _runs);
        Assert.True(health.IsOut);
        Assert.Equal(InferenceError.NotReady, refusal!.Error);
        Assert.Equal(Second * 3 / 4, refusal.RetryAfter);
        Assert.Equal("model 'm' version 7 is out of service: its runs fail, also of a sample that ran when it was loaded: the device is lost", refusal.Message);
    }

    [Fact]
    public void Failed_SampleFailsOnce_StaysInService()
    {
        _complaint = "a hiccup";
        var health = Create(secondRuns: true);
        Fail(health, 5);
        Assert.Equal(2, _runs);
        Assert.Null(health.Refusal());
    }

    [Fact]
    public async Task Failed_SampleFailsOnceAndSoonAgain_IsRefusedAndTriedAgain()
    {
        _complaint = "a hiccup";
        var health = Create(secondRuns: true);
        Fail(health, 5);
        _time.Pass(Second);
        Fail(health, 5);
        Assert.True(health.IsOut);
        Assert.Equal(Second, await _time.NextTimerAsync());
    }

    [Fact]
    public void Failed_NoSampleKnown_StaysInService()
    {
        var health = new RunHealth(null, Rules(5), new ModelLabel("m", "7"), null, NullLogger.Instance, _time);
        Fail(health, 1000);
        Assert.Null(health.Refusal());
    }

    [Fact]
    public void Failed_RuleSaysNever_StaysInService()
    {
        _complaint = "broken";
        var health = Create(failures: 0);
        Fail(health, 1000);
        Assert.Null(health.Refusal());
        Assert.Equal(0, _runs);
    }

    [Fact]
    public async Task Out_SampleKeepsFailing_IsTriedAfterPausesThatGrow()
    {
        _complaint = "broken";
        var health = Create();
        Fail(health, 5);
        var pauses = new List<double>();
        for (var i = 0; i < 6; i++)
        {
            var pause = await _time.NextTimerAsync();
            pauses.Add(pause.TotalSeconds);
            _time.Pass(pause);
        }

        await _time.NextTimerAsync();
        Assert.Equal([1, 2, 4, 8, 10, 10], pauses);
        Assert.Equal(2 + pauses.Count, _runs);
        Assert.True(health.IsOut);
    }

    [Fact]
    public async Task Out_SampleRunsAgain_IsBackAndTheNextFailureBeginsAnew()
    {
        _complaint = "broken";
        var health = Create();
        Fail(health, 5);
        _time.Pass(await _time.NextTimerAsync());
        var second = await _time.NextTimerAsync();
        Assert.Equal(TimeSpan.FromSeconds(2), second);

        _complaint = null;
        await DrainAsync();
        _time.Pass(second);
        await _ran.WaitAsync().WaitAsync(EngineFixture.Timeout);
        Assert.True(SpinWait.SpinUntil(() => !health.IsOut, EngineFixture.Timeout));
        Assert.Null(health.Refusal());

        _complaint = "again";
        _time.Pass(Second);
        Fail(health, 5);
        Assert.True(health.IsOut);
        Assert.Equal(Second, await _time.NextTimerAsync());
    }

    [Fact]
    public void Failed_SampleThrows_IsRefused()
    {
        var health = new RunHealth(() => throw new InvalidOperationException("a bug"), Rules(1), new ModelLabel("m", "7"), null, NullLogger.Instance, _time);
        Fail(health, 1);
        Assert.EndsWith(": a bug", health.Refusal()!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Retire_WhileOut_IsNotTriedAgain()
    {
        _complaint = "broken";
        var health = Create();
        Fail(health, 5);
        var pause = await _time.NextTimerAsync();
        health.Retire();
        _time.Pass(pause);
        Assert.Equal(2, _runs);
    }

    [Fact]
    public async Task Failed_ByManyThreads_SampleRunsOnOneAtATime()
    {
        using var both = new Barrier(2);
        var inside = 0;
        var most = 0;
        var health = new RunHealth(
            () =>
            {
                most = Math.Max(most, Interlocked.Increment(ref inside));
                Thread.Yield();
                Interlocked.Decrement(ref inside);
                return null;
            },
            Rules(1),
            new ModelLabel("m", "7"),
            null,
            NullLogger.Instance,
            TimeProvider.System);
        var threads = Enumerable.Range(0, 2).Select(_ => Task.Run(() =>
        {
            both.SignalAndWait(EngineFixture.Timeout);
            Fail(health, 1000);
        }));
        await Task.WhenAll(threads).WaitAsync(EngineFixture.Timeout);
        Assert.Equal(1, most);
    }

    public void Dispose()
    {
        _time.Dispose();
        _ran.Dispose();
    }

    private static BreakerRules Rules(int failures) => new(failures, Second, TimeSpan.FromSeconds(10));

    private static void Fail(RunHealth health, int times)
    {
        for (var i = 0; i < times; i++)
        {
            health.Failed();
        }
    }

    private RunHealth Create(int failures = 5, bool secondRuns = false) => new(
        () =>
        {
            var complaint = secondRuns && _runs == 1 ? null : _complaint;
            _runs++;
            _ran.Release();
            return complaint;
        },
        Rules(failures),
        new ModelLabel("m", "7"),
        null,
        NullLogger.Instance,
        _time);

    private async Task DrainAsync()
    {
        while (await _ran.WaitAsync(0))
        {
        }
    }
}
