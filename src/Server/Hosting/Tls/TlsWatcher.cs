namespace Serving.Server.Hosting.Tls;

/// <summary>Looks at the TLS files while the server runs. By reading them: a link swapped two folders up raises no event of theirs.</summary>
internal sealed class TlsWatcher(TlsState tls, TimeProvider time) : BackgroundService
{
    /// <summary>Three small files are read in under a tenth of a millisecond; renewed certificates could wait much longer. Arbitrary.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!tls.IsOn)
        {
            return;
        }

        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            tls.LookAgain();
        }
    }
}
