using Microsoft.Extensions.Logging;

namespace Serving.TestKit.Servers;

/// <summary>One captured log entry.</summary>
public sealed record LogEntry(LogLevel Level, string Category, EventId Id, string Message, Exception? Exception)
{
    public override string ToString() => $"{Level} {Category}[{Id.Id}] {Message}{(Exception is null ? "" : Environment.NewLine + Exception)}";
}
