using Microsoft.Extensions.Options;

namespace Serving.Server.Logging;

/// <summary>Turns the log settings into the logging framework's rules.</summary>
/// <param name="state">The settings.</param>
/// <param name="listens">Whether the ports are open.</param>
internal sealed class LogFilters(LogState state, Func<bool> listens) : IConfigureOptions<LoggerFilterOptions>
{
    public void Configure(LoggerFilterOptions options)
    {
        var settings = state.Current;
        options.MinLevel = LogLevel.Trace;
        Add(options, category: null, settings.Allows);
        Add(options, "Microsoft", settings.AllowsFramework);

        // The host and Kestrel log a failed start with its stack trace before they throw it, which the process then tells
        // in a sentence; and Kestrel warns that it cannot do HTTP/2 without TLS, where CleartextHttp2 sees to it that it can.
        Add(options, "Microsoft.Extensions.Hosting.Internal.Host", _ => false);
        Add(options, "Microsoft.AspNetCore.Server.Kestrel", settings.AllowsFramework, listens);
        if (settings.VerboseLevel == 0)
        {
            // While this category logs anything at all, every request pays for a scope and an activity.
            Add(options, "Microsoft.AspNetCore.Hosting.Diagnostics", _ => false);
        }
    }

    /// <summary>The least level that is wanted is a number for the framework to compare; only what lies above it asks the rule.</summary>
    private static void Add(LoggerFilterOptions options, string? category, Func<LogLevel, bool> allows, Func<bool>? when = null)
    {
        var least = Enum.GetValues<LogLevel>().Order().Where(allows).DefaultIfEmpty(LogLevel.None).First();
        options.Rules.Add(new LoggerFilterRule(
            providerName: null, category, least, (_, _, level) => allows(level) && (when is null || when())));
    }
}
