using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Serving.TestKit.Servers;

/// <summary>Keeps what a server logs, and says what it should not have logged.</summary>
public sealed class LogCapture : ILoggerProvider
{
    private readonly ConcurrentQueue<LogEntry> _entries = new();
    private readonly ConcurrentBag<Func<LogEntry, bool>> _expected = [];

    public IReadOnlyCollection<LogEntry> Entries => _entries;

    /// <summary>Entries of Error or worse that no test said it expects.</summary>
    public IReadOnlyList<LogEntry> Unexpected =>
        [.. _entries.Where(entry => entry.Level >= LogLevel.Error && !_expected.Any(expects => expects(entry)))];

    /// <summary>Says that such errors belong to the test.</summary>
    public void Expect(Func<LogEntry, bool> entries) => _expected.Add(entries);

    /// <summary>Says that errors whose text contains this belong to the test.</summary>
    public void Expect(string text) => Expect(entry => entry.ToString().Contains(text, StringComparison.Ordinal));

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void Dispose()
    {
    }

    private sealed class Logger(LogCapture owner, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            owner._entries.Enqueue(new LogEntry(logLevel, category, eventId, formatter(state, exception), exception));
    }
}
