using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using Serving.Server.Logging;

namespace Serving.Server.Hosting;

/// <summary>How the server logs: a line or a JSON object per entry, on standard output.</summary>
internal static class ConsoleLogging
{
    /// <param name="logging">The host's logging.</param>
    /// <param name="options">Format and level.</param>
    /// <param name="listens">Whether the ports are open.</param>
    public static void AddServingConsole(this ILoggingBuilder logging, ServingOptions options, Func<bool> listens)
    {
        var state = new LogState(Options.Create(options));
        logging.Services.AddSingleton(state);
        logging.Services.AddSingleton<IConfigureOptions<LoggerFilterOptions>>(new LogFilters(state, listens));
        logging.Services.AddSingleton<IOptionsChangeTokenSource<LoggerFilterOptions>, LogChangeSource<LoggerFilterOptions>>();
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

        logging.AddSimpleConsole();
        logging.Services.AddSingleton<IConfigureOptions<SimpleConsoleFormatterOptions>, LogTimes>();
        logging.Services.AddSingleton<IOptionsChangeTokenSource<SimpleConsoleFormatterOptions>, LogChangeSource<SimpleConsoleFormatterOptions>>();
        logging.Services.Configure<ConsoleLoggerOptions>(console => console.FormatterName = ConsoleFormatterNames.Simple);
    }
}
