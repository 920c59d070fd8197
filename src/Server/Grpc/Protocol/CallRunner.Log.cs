namespace Serving.Server.Grpc.Protocol;

// Event ids of Grpc/: 3000 to 3099. Next free: 3002.
internal sealed partial class CallRunner
{
    [LoggerMessage(3000, LogLevel.Debug, "{Path} ended with {Code}: {Reason}", EventName = "CallFailed")]
    private partial void LogFailed(string path, StatusCode code, string reason);

    [LoggerMessage(3001, LogLevel.Error, "{Path} failed by an exception that nobody expected", EventName = "CallFaulted")]
    private partial void LogException(Exception exception, string path);
}
