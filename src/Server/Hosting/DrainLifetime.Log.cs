namespace Serving.Server.Hosting;

internal sealed partial class DrainLifetime
{
    [LoggerMessage(1001, LogLevel.Information, "Told to stop: not ready any more, still serving for {Delay}. A second signal stops at once.")]
    private partial void LogDraining(TimeSpan delay);

    [LoggerMessage(1002, LogLevel.Information, "No new connections; requests in flight have up to {Timeout} to finish.")]
    private partial void LogStopping(TimeSpan timeout);
}
