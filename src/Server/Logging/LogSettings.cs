using Serving.Server.Hosting;

namespace Serving.Server.Logging;

/// <summary>What is logged and how its times are written, in the terms of Triton's logging extension.</summary>
/// <param name="Info">Entries of level Information.</param>
/// <param name="Warning">Entries of level Warning.</param>
/// <param name="Error">Entries of level Error.</param>
/// <param name="VerboseLevel">0: none below Information. 1: Debug. From 2 on: also Trace.</param>
/// <param name="Iso8601">Whether times are whole ISO 8601 times and not only those of the day.</param>
internal sealed record LogSettings(bool Info, bool Warning, bool Error, uint VerboseLevel, bool Iso8601)
{
    /// <summary>Entries of level Critical, which only the server's start can turn off.</summary>
    public bool Critical { get; init; } = true;

    public static LogSettings From(ServingOptions options) => new(
        options.LogLevel <= LogLevel.Information,
        options.LogLevel <= LogLevel.Warning,
        options.LogLevel <= LogLevel.Error,
        options.LogLevel switch { LogLevel.Trace => 2, LogLevel.Debug => 1, _ => 0 },
        options.LogFormat == LogFormat.Json)
    {
        Critical = options.LogLevel <= LogLevel.Critical,
    };

    public bool Allows(LogLevel level) => level switch
    {
        LogLevel.Trace => VerboseLevel >= 2,
        LogLevel.Debug => VerboseLevel >= 1,
        LogLevel.Information => Info,
        LogLevel.Warning => Warning,
        LogLevel.Error => Error,
        LogLevel.Critical => Critical,
        _ => false,
    };

    /// <summary>The same for the web framework's entries, of which those below Warning are for debugging.</summary>
    public bool AllowsFramework(LogLevel level) => Allows(level) && (level > LogLevel.Information || VerboseLevel > 0);
}
