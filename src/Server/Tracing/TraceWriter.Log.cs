namespace Serving.Server.Tracing;

internal sealed partial class TraceWriter
{
    [LoggerMessage(9001, LogLevel.Warning, "Traces cannot be written to {File}: {Problem}. They are lost until it can be written.")]
    private partial void LogFailed(string file, string problem);

    // Next free event id of this folder: 9003.
    [LoggerMessage(9002, LogLevel.Warning, "{Count} traces were dropped: they came faster than they could be written. A higher trace_rate takes fewer.")]
    private partial void LogDropped(long count);
}
