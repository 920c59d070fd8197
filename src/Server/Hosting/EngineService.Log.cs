namespace Serving.Server.Hosting;

// Event ids of Hosting: 1000 to 1099. Next free: 1010.
internal sealed partial class EngineService
{
    [LoggerMessage(1000, LogLevel.Critical, "The engine could not be started; the server stops.")]
    private partial void LogEngineFailed(Exception exception);
}
