using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Serving.Runtime.Inference;
using Serving.Server.Hosting;

namespace Serving.Server.Logging;

/// <summary>What is logged now. Who wants to know of changes takes a token; it fires before <see cref="Update"/> returns.</summary>
internal sealed class LogState(IOptions<ServingOptions> options)
{
    private readonly Lock _updating = new();
    private volatile LogSettings _current = LogSettings.From(options.Value);
    private CancellationTokenSource _changed = new();

    public LogSettings Current => _current;

    public IChangeToken GetChangeToken() => new CancellationChangeToken(Volatile.Read(ref _changed).Token);

    /// <summary>Applies all changes, or none and says why.</summary>
    public Outcome<LogSettings> Update(LogChange change)
    {
        if (change.WantsDefaultFormat && options.Value.LogFormat == LogFormat.Json)
        {
            return InferenceFailure.Unsupported(
                $"{LogChange.Format} cannot be '{LogChange.DefaultFormat}': the server was started with --log-format json, whose times are always {LogChange.Iso8601Format}");
        }

        lock (_updating)
        {
            var updated = change.Apply(_current);
            if (updated != _current)
            {
                _current = updated;

                // Exchanged first: whoever is told takes the next token at once.
                Interlocked.Exchange(ref _changed, new CancellationTokenSource()).Cancel();
            }

            return updated;
        }
    }
}
