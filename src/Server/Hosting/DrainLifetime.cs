using System.Runtime.InteropServices;
using Microsoft.Extensions.Options;
using Serving.Server.Health;

namespace Serving.Server.Hosting;

/// <summary>
/// Ends the process so that nobody notices. On the first SIGTERM or SIGINT:
/// 1. readiness goes, and health streams say NOT_SERVING;
/// 2. everything is still served for the drain delay, until load balancers have noticed;
/// 3. the ports close, and requests in flight finish within the drain timeout.
/// A second signal is left to the system, which ends the process at once.
/// </summary>
internal sealed partial class DrainLifetime : IHostLifetime, IDisposable
{
    private readonly ServingOptions _options;
    private readonly DrainState _drain;
    private readonly IHostApplicationLifetime _lifetime;
    private readonly TimeProvider _time;
    private readonly ILogger<DrainLifetime> _logger;
    private readonly bool _handlesSignals;
    private readonly List<PosixSignalRegistration> _signals = [];
    private int _told;

    public DrainLifetime(
        IOptions<ServingOptions> options,
        SignalOptions signals,
        DrainState drain,
        IHostApplicationLifetime lifetime,
        TimeProvider time,
        ILogger<DrainLifetime> logger)
    {
        _handlesSignals = signals.Handle;
        _options = options.Value;
        _drain = drain;
        _lifetime = lifetime;
        _time = time;
        _logger = logger;
    }

    public Task WaitForStartAsync(CancellationToken cancellationToken)
    {
        // Who stops the host otherwise than by a signal drains as well, only without the delay.
        _lifetime.ApplicationStopping.Register(_drain.Begin);
        if (_handlesSignals)
        {
            _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal));
            _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal));
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _signals.ForEach(signal => signal.Dispose());

    /// <summary>What the first signal does. False where it was already done.</summary>
    public bool TryBeginStop()
    {
        if (Interlocked.Exchange(ref _told, 1) != 0)
        {
            return false;
        }

        _ = StopAfterDelayAsync();
        return true;
    }

    private void OnSignal(PosixSignalContext context) => context.Cancel = TryBeginStop();

    private async Task StopAfterDelayAsync()
    {
        LogDraining(_options.DrainDelay);
        _drain.Begin();
        await Task.Delay(_options.DrainDelay, _time, _lifetime.ApplicationStopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        LogStopping(_options.DrainTimeout);
        _lifetime.StopApplication();
    }
}
