namespace Serving.Server.Rest;

/// <summary>Event ids of Rest/ are 4100 to 4199; the next free one is 4103.</summary>
internal sealed partial class RestErrors
{
    [LoggerMessage(4100, LogLevel.Debug, "{Path}: the client went away")]
    private static partial void LogClientGone(ILogger logger, string path);

    [LoggerMessage(4101, LogLevel.Information, "{Path}: bad request: {Message}")]
    private static partial void LogBadRequest(ILogger logger, string path, string message);

    [LoggerMessage(4102, LogLevel.Error, "{Path}: unexpected exception")]
    private static partial void LogException(ILogger logger, string path, Exception exception);
}
