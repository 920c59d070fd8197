using Microsoft.Extensions.Logging;

namespace Serving.Runtime.Batching.Faults;

// Event ids of Faults: 1210 to 1219. Next free: 1213.
internal sealed partial class RunHealth
{
    [LoggerMessage(1210, LogLevel.Error, "Model '{Model}' version {Version} is taken out of service and tried again in {Pause}: a sample that ran when it was loaded fails: {Complaint}")]
    private static partial void LogOpened(ILogger log, string model, string version, TimeSpan pause, string complaint);

    [LoggerMessage(1211, LogLevel.Information, "Model '{Model}' version {Version} is back in service: the sample runs again.")]
    private static partial void LogClosed(ILogger log, string model, string version);

    // What a client sends wrong is not the operator's trouble.
    [LoggerMessage(1212, LogLevel.Debug, "Model '{Model}' version {Version} failed {Failures} times in a row, but a sample runs: it stays in service.")]
    private static partial void LogCleared(ILogger log, string model, string version, int failures);
}
