using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Microsoft.ML.OnnxRuntime;

namespace Serving.Runtime.Onnx;

/// <summary>
/// The one ONNX Runtime environment of the process: telemetry off, its log lines in ours.
/// </summary>
internal static partial class OnnxEnvironment
{
    private static readonly Lock Gate = new();

    // Native code calls it as long as the process lives, so it must never be collected.
    private static readonly DOrtLoggingFunction LogFunction = Log;
    private static ILogger? _logger;

    /// <summary>The library's version, such as <c>1.29.0</c>.</summary>
    public static string Version => OrtEnv.Instance().GetVersionString();

    /// <summary>Makes the environment at the first call; later ones do nothing.</summary>
    public static void Initialise(ILogger logger)
    {
        lock (Gate)
        {
            _logger ??= logger;
            if (OrtEnv.IsCreated)
            {
                return;
            }

            DisableTelemetry();
            var options = new EnvironmentCreationOptions
            {
                logId = "serving",
                logLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
                loggingFunction = LogFunction,
                loggingParam = IntPtr.Zero,
            };
            var environment = OrtEnv.CreateInstanceWithOptions(ref options);
            environment.DisableTelemetryEvents();
        }
    }

    /// <summary>
    /// The library reads the variable with getenv when it is loaded, and .NET's own SetEnvironmentVariable changes only
    /// .NET's copy on Unix. The call that disables events comes too late for those of the start.
    /// </summary>
    private static void DisableTelemetry()
    {
        Environment.SetEnvironmentVariable("ORT_DISABLE_TELEMETRY", "1");
        if (!OperatingSystem.IsWindows())
        {
            SetNativeVariable("ORT_DISABLE_TELEMETRY", "1", overwrite: 1);
        }
    }

    // A failing run is reported to its caller as well, so here it is only a detail.
    private static void Log(IntPtr parameter, OrtLoggingLevel severity, string category, string logId, string location, string message)
    {
        if (_logger is { } logger)
        {
            LogOnnxRuntime(logger, message, location);
        }
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetNativeVariable(string name, string value, int overwrite);

    [LoggerMessage(1100, LogLevel.Debug, "ONNX Runtime: {Message} ({Location})")]
    private static partial void LogOnnxRuntime(ILogger logger, string message, string location);
}
