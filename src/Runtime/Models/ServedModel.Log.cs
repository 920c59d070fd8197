using Microsoft.Extensions.Logging;

namespace Serving.Runtime.Models;

// Event ids of Models: 1300 to 1399. Next free: 1303 here; RepositoryFollower has 1320 to 1339.
internal sealed partial class ServedModel
{
    [LoggerMessage(1300, LogLevel.Information, "Model '{Model}' version {Version} is ready on {Provider} after {Milliseconds:0} ms; {Batching}.")]
    private static partial void LogLoaded(ILogger log, string model, string version, string provider, double milliseconds, string batching);

    [LoggerMessage(1301, LogLevel.Warning, "Model '{Model}' version {Version} cannot be loaded: {Reason}")]
    private static partial void LogNotLoaded(ILogger log, string model, string version, string reason);

    [LoggerMessage(1302, LogLevel.Warning, "Model '{Model}' version {Version}: provider {Provider} was refused: {Reason}")]
    private static partial void LogProviderRefused(ILogger log, string model, string version, string provider, string reason);
}
