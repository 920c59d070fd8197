using Microsoft.Extensions.Logging;
using Polly;
using Polly.CircuitBreaker;
using Serving.Runtime.Diagnostics;
using Serving.Runtime.Inference;

namespace Serving.Runtime.Batching.Faults;

/// <summary>
/// Whether a model version's runs can succeed at all. Failures in a row only raise the suspicion, because a client can send as many
/// rows that fail as it likes; what decides is a sample that ran when the model was loaded. Where that fails too, twice, the version is
/// taken out: its requests are refused at once, and the sample is tried again after pauses that grow, until it runs.
/// No request of a client is ever the one to try.
/// </summary>
internal sealed partial class RunHealth
{
    /// <summary>A sample that ran clears the model for so long, so that rows that fail cost at most one more run a second. Arbitrary.</summary>
    private static readonly TimeSpan Cleared = TimeSpan.FromSeconds(1);

    private readonly Func<string?>? _sample;
    private readonly BreakerRules _rules;
    private readonly ModelLabel _label;
    private readonly EngineMetrics? _metrics;
    private readonly ILogger _log;
    private readonly TimeProvider _time;
    private readonly ResiliencePipeline<string?> _breaker;
    private readonly CancellationTokenSource _retired = new();
    private Opening? _opening;
    private long _clearedAt;
    private int _failures;
    private int _checking;

    /// <param name="sample">
    /// Runs a row that ran when the model was loaded: null, or what the graph complains of. Null where none is known; then the
    /// version is never taken out, since nothing tells its failures from those of bad rows.
    /// </param>
    /// <param name="rules">When it is taken out.</param>
    /// <param name="label">The model's name and version.</param>
    /// <param name="metrics">Told when it is taken out; null where nobody counts.</param>
    /// <param name="log">Told of it too.</param>
    /// <param name="time">The clock.</param>
    public RunHealth(Func<string?>? sample, BreakerRules rules, ModelLabel label, EngineMetrics? metrics, ILogger log, TimeProvider time)
    {
        _sample = rules.Failures == 0 || sample is null ? null : () => Run(sample);
        _rules = rules;
        _label = label;
        _metrics = metrics;
        _log = log;
        _time = time;
        _breaker = new ResiliencePipelineBuilder<string?> { TimeProvider = time }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<string?>
            {
                // Only samples go through it, and only once one has failed: the second that fails opens it.
                FailureRatio = 0.5,
                MinimumThroughput = 2,
                ShouldHandle = static args => new ValueTask<bool>(args.Outcome.Result is not null),
                BreakDurationGenerator = args => new ValueTask<TimeSpan>(_rules.After(args.HalfOpenAttempts)),
                OnOpened = args => Open(args.Outcome.Result!, args.BreakDuration),
                OnClosed = _ => Close(),
            })
            .Build();
    }

    /// <summary>Whether it is out of service.</summary>
    public bool IsOut => Volatile.Read(ref _opening) is not null;

    /// <summary>A request has been answered.</summary>
    public void Succeeded()
    {
        // Written only where it changes, since every runner reads it.
        if (Volatile.Read(ref _failures) != 0)
        {
            Volatile.Write(ref _failures, 0);
        }
    }

    /// <summary>A request that ran alone has failed. Where it is one too many, the sample runs here, on the thread of the run.</summary>
    public void Failed()
    {
        if (_sample is null || Interlocked.Increment(ref _failures) < _rules.Failures || Interlocked.Exchange(ref _checking, 1) != 0)
        {
            return;
        }

        try
        {
            if (!IsOut && (_clearedAt == 0 || _time.GetElapsedTime(_clearedAt) >= Cleared))
            {
                Check(_sample);
            }
        }
        finally
        {
            Volatile.Write(ref _checking, 0);
        }
    }

    /// <summary>Null, or why requests are refused and when it is tried again.</summary>
    public InferenceFailure? Refusal()
    {
        if (Volatile.Read(ref _opening) is not { } opening)
        {
            return null;
        }

        var left = opening.Pause - _time.GetElapsedTime(opening.At);
        return InferenceFailure.NotReady(opening.Message) with { RetryAfter = left > TimeSpan.Zero ? left : TimeSpan.Zero };
    }

    /// <summary>The version is no longer served, and not tried again.</summary>
    public void Retire() => _retired.Cancel();

    // Whatever a sample's run throws, the version must stay tried.
    private static string? Run(Func<string?> sample)
    {
        try
        {
            return sample();
        }
        catch (Exception unexpected)
        {
            return unexpected.Message;
        }
    }

    private void Check(Func<string?> sample)
    {
        if (sample() is { } complaint)
        {
            // Where it failed not long ago, the breaker opens at this one.
            _breaker.Execute(() => complaint);
            if (!IsOut)
            {
                _breaker.Execute(sample);
            }

            if (IsOut)
            {
                _ = RecoverAsync(sample);
                return;
            }
        }

        _clearedAt = _time.GetTimestamp();
        Volatile.Write(ref _failures, 0);
        LogCleared(_log, _label.Name, _label.Version, _rules.Failures);
    }

    private async Task RecoverAsync(Func<string?> sample)
    {
        for (var pause = _rules.Pause; ;)
        {
            await Task.Delay(pause, _time, _retired.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (_retired.IsCancellationRequested)
            {
                return;
            }

            try
            {
                _breaker.Execute(sample);
                if (Volatile.Read(ref _opening) is not { } opening)
                {
                    return;
                }

                pause = opening.Pause;
            }
            catch (BrokenCircuitException early)
            {
                // The timer's clock and the breaker's are not the same.
                pause = early.RetryAfter ?? _rules.Pause;
            }
        }
    }

    private ValueTask Open(string complaint, TimeSpan pause)
    {
        var isNew = !IsOut;
        Volatile.Write(ref _opening, new Opening(
            $"model '{_label.Name}' version {_label.Version} is out of service: its runs fail, also of a sample that ran when it was loaded: {complaint}",
            pause,
            _time.GetTimestamp()));
        if (isNew)
        {
            _metrics?.TakenOut(_label.Name, _label.Version);
            LogOpened(_log, _label.Name, _label.Version, pause, complaint);
        }

        return ValueTask.CompletedTask;
    }

    private ValueTask Close()
    {
        Volatile.Write(ref _failures, 0);
        Volatile.Write(ref _opening, null);
        if (!_retired.IsCancellationRequested)
        {
            LogClosed(_log, _label.Name, _label.Version);
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Why it is out, and from when for how long it is not tried.</summary>
    private sealed record Opening(string Message, TimeSpan Pause, long At);
}
