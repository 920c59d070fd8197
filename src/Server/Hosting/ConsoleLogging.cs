using Microsoft.Extensions.Logging.Console;

namespace Serving.Server.Hosting;

/// <summary>How the server logs: a line or a JSON object per entry, on standard output.</summary>
internal static class ConsoleLogging
{
    /// <param name="logging">The host's logging.</param>
    /// <param name="options">Format and level.</param>
    /// <param name="listens">Whether the ports are open.</param>
    public static void AddServingConsole(this ILoggingBuilder logging, ServingOptions options, Func<bool> listens)
    {
        logging.SetMinimumLevel(options.LogLevel);
        AddFilters(logging, options.LogLevel, listens);
        logging.Configure(factory => factory.ActivityTrackingOptions = ActivityTrackingOptions.TraceId | ActivityTrackingOptions.SpanId);
        if (options.LogFormat == LogFormat.Json)
        {
            logging.AddJsonConsole(json =>
            {
                json.IncludeScopes = true;
                json.UseUtcTimestamp = true;
                json.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
            });
            return;
        }

        logging.AddSimpleConsole(text =>
        {
            text.SingleLine = true;
            text.TimestampFormat = "HH:mm:ss.fff ";
        });
        logging.Services.Configure<ConsoleLoggerOptions>(console => console.FormatterName = ConsoleFormatterNames.Simple);
    }

    private static void AddFilters(ILoggingBuilder logging, LogLevel level, Func<bool> listens)
    {
        var framework = level <= LogLevel.Debug || level > LogLevel.Warning ? level : LogLevel.Warning;
        logging.AddFilter("Microsoft", framework);

        // The host and Kestrel log a failed start with its stack trace before they throw it, which the process then tells
        // in a sentence; and Kestrel warns that it cannot do HTTP/2 without TLS, where CleartextHttp2 sees to it that it can.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel", wanted => wanted >= framework && listens());
        if (level > LogLevel.Debug)
        {
            // While this category logs anything at all, every request pays for a scope and an activity.
            logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        }
    }
}
