namespace Serving.Server.Hosting;

/// <summary>Starts the engine in the background, while the ports already answer "live, not ready", and then says what is served.</summary>
internal sealed partial class EngineService(
    EngineLife engine,
    StartupSummary summary,
    IHostApplicationLifetime lifetime,
    ILogger<EngineService> logger) : IHostedService, IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _work = Task.CompletedTask;

    /// <summary>Done when the first scan is over and the summary is written, and ends as that ended.</summary>
    public Task Started => _work;

    /// <summary>Whether the engine could not be started, which stops the host.</summary>
    public bool Failed { get; private set; }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        lifetime.ApplicationStarted.Register(() => _listening.TrySetResult());
        _work = Task.Run(() => RunAsync(_stopping.Token), CancellationToken.None);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _work.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose() => _stopping.Dispose();

    private async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            await engine.StartAsync(stopping);
            await _listening.Task.WaitAsync(stopping);
            summary.Write();
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Told to stop before the first scan was over; nothing is left to say.
        }
        catch (Exception exception)
        {
            Failed = true;
            LogEngineFailed(exception);
            lifetime.StopApplication();
            throw;
        }
    }
}
