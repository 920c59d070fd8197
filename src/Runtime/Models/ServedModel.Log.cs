using Microsoft.Extensions.Logging;

namespace Serving.Runtime.Models;

// Event ids of Models: 1300 to 1399. Next free: 1306 here; RepositoryFollower has 1320 to 1339.
internal sealed partial class ServedModel
{
    [LoggerMessage(1300, LogLevel.Information, "Model '{Model}' version {Version} is ready on {Provider} after {Milliseconds:0} ms; {Batching}.")]
    private static partial void LogLoaded(ILogger log, string model, string version, string provider, double milliseconds, string batching);

    [LoggerMessage(1301, LogLevel.Warning, "Model '{Model}' version {Version} cannot be loaded: {Reason}")]
    private static partial void LogNotLoaded(ILogger log, string model, string version, string reason);

    [LoggerMessage(1303, LogLevel.Warning, "Model '{Model}' version {Version}: {Warning}")]
    private static partial void LogWarning(ILogger log, string model, string version, string warning);

    [LoggerMessage(1304, LogLevel.Information, "Model '{Model}' version {Version} is ready after {Milliseconds:0} ms.")]
    private static partial void LogLoadedWithoutGraph(ILogger log, string model, string version, double milliseconds);

    [LoggerMessage(1305, LogLevel.Warning, "Model '{Model}' cannot be loaded: {Reason}")]
    private static partial void LogRefused(ILogger log, string model, string reason);

    [LoggerMessage(1302, LogLevel.Warning, "Model '{Model}' version {Version}: provider {Provider} was refused: {Reason}")]
    private static partial void LogProviderRefused(ILogger log, string model, string version, string provider, string reason);
}
