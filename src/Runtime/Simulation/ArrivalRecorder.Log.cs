using Microsoft.Extensions.Logging;

namespace Serving.Runtime.Simulation;

internal sealed partial class ArrivalRecorder
{
    [LoggerMessage(1341, LogLevel.Warning, "Arrivals are no longer recorded: '{Path}' has reached {Bytes} bytes.")]
    private partial void LogFull(string path, long bytes);

    [LoggerMessage(1342, LogLevel.Warning, "{Left} arrivals are missing in '{Path}': more came than could be written.")]
    private partial void LogLeft(string path, long left);

    [LoggerMessage(1343, LogLevel.Warning, "Arrivals are no longer recorded: '{Path}' could not be written: {Reason}")]
    private partial void LogFailed(string path, string reason);
}
