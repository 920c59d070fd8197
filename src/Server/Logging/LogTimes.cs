using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace Serving.Server.Logging;

/// <summary>How the times of the console's text lines are written.</summary>
internal sealed class LogTimes(LogState state) : IConfigureOptions<SimpleConsoleFormatterOptions>
{
    public void Configure(SimpleConsoleFormatterOptions options)
    {
        options.SingleLine = true;
        options.UseUtcTimestamp = state.Current.Iso8601;
        options.TimestampFormat = state.Current.Iso8601 ? "yyyy-MM-ddTHH:mm:ss.fffZ " : "HH:mm:ss.fff ";
    }
}
