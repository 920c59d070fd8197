using System.Buffers;
using System.Threading.Channels;

namespace Serving.Server.Tracing;

/// <summary>
/// Owns the task that writes traces to their files. Nobody waits for it: where it cannot keep up, traces are dropped and the log says
/// how many. Disposing writes what is left.
/// </summary>
internal sealed partial class TraceWriter : IAsyncDisposable
{
    /// <summary>A second of traces at a rate that no disk minds; a few hundred kilobytes. Arbitrary.</summary>
    private const int MostWaiting = 4096;

    private readonly ILogger<TraceWriter> _logger;
    private readonly Channel<TraceRecord> _records =
        Channel.CreateBounded<TraceRecord>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });

    private readonly ArrayBufferWriter<byte> _pending = new();
    private readonly Task _work;
    private string? _failed;
    private long _dropped;

    public TraceWriter(ILogger<TraceWriter> logger)
    {
        _logger = logger;
        _work = Task.Run(RunAsync);
    }

    /// <summary>Takes a trace to be written; drops it where too many wait.</summary>
    public void Add(TraceRecord record)
    {
        if (!_records.Writer.TryWrite(record))
        {
            Interlocked.Increment(ref _dropped);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _records.Writer.TryComplete();
        await _work;
    }

    private async Task RunAsync()
    {
        while (await _records.Reader.WaitToReadAsync())
        {
            WriteAll();
            if (Interlocked.Exchange(ref _dropped, 0) is var dropped and > 0)
            {
                LogDropped(dropped);
            }
        }
    }

    /// <summary>Writes what waits, with one turn at a file for all that follow one another into it.</summary>
    private void WriteAll()
    {
        var (path, begins) = ("", false);
        while (_records.Reader.TryRead(out var record))
        {
            var next = record.Sampler.NextPath(out var isFirst);
            if (next != path || isFirst)
            {
                Flush(path, begins);
                (path, begins) = (next, isFirst);
            }

            if (_pending.WrittenCount > 0)
            {
                _pending.Write(",\n"u8);
            }

            record.WriteTo(_pending);
        }

        Flush(path, begins);
    }

    private void Flush(string path, bool begins)
    {
        if (_pending.WrittenCount == 0)
        {
            return;
        }

        try
        {
            TraceFile.Append(path, begins, _pending.WrittenSpan);
            _failed = null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            if (_failed != path)
            {
                LogFailed(path, exception.Message);
            }

            _failed = path;
        }
        finally
        {
            _pending.ResetWrittenCount();
        }
    }
}
