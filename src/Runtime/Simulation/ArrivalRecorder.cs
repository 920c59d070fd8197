using System.Text;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Serving.Runtime.Simulation;

/// <summary>
/// Writes the requests that come to a file in the form of <see cref="ArrivalTrace"/>. Nobody waits for it: a request is put
/// into a bounded channel, and left out where that is full; a task writes the file, until it has reached its size. Disposing
/// writes what is left.
/// </summary>
internal sealed partial class ArrivalRecorder : IAsyncDisposable
{
    /// <summary>The file's size, some five million requests. Arbitrary.</summary>
    internal const long MostBytes = 256L * 1024 * 1024;

    /// <summary>So many wait at most: some tenths of a second of the most that one machine takes.</summary>
    private const int MostWaiting = 65_536;

    private readonly Channel<(Arrival Arrival, string Model)> _arrivals = Channel.CreateBounded<(Arrival, string)>(
        new BoundedChannelOptions(MostWaiting) { SingleReader = true });

    private readonly string _path;
    private readonly long _mostBytes;
    private readonly ILogger _log;
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly Task _work;
    private long _left;
    private volatile bool _ended;

    /// <exception cref="IOException">The file cannot be written.</exception>
    public ArrivalRecorder(string path, ILogger log, TimeProvider time, long mostBytes = MostBytes)
    {
        _path = path;
        _mostBytes = mostBytes;
        _log = log;
        _time = time;
        _start = time.GetTimestamp();
        var file = new StreamWriter(new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read), new UTF8Encoding(false));
        _work = Task.Run(() => RunAsync(file));
    }

    /// <summary>A request has come.</summary>
    /// <param name="model">Its model and version, a text that is not made anew for each request.</param>
    /// <param name="rows">Its rows.</param>
    /// <param name="length">The length of each.</param>
    /// <param name="deadline">Its deadline as a timestamp of the time provider; 0 for none.</param>
    /// <param name="priority">Its priority; 0 for the default.</param>
    /// <param name="tenant">For whom it is; null where nobody says.</param>
    public void Record(string model, int rows, int length, long deadline, int priority, string? tenant)
    {
        if (_ended)
        {
            return;
        }

        var now = _time.GetTimestamp();
        var patience = deadline == 0 ? double.PositiveInfinity : Math.Max(0, _time.GetElapsedTime(now, deadline).TotalSeconds);
        var arrival = new Arrival(_time.GetElapsedTime(_start, now).TotalSeconds, rows, length, patience) { Priority = priority, Tenant = tenant };
        if (!_arrivals.Writer.TryWrite((arrival, model)))
        {
            Interlocked.Increment(ref _left);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _ended = true;
        _arrivals.Writer.TryComplete();
        await _work.ConfigureAwait(false);
    }

    private async Task RunAsync(StreamWriter file)
    {
        await using var owned = file.ConfigureAwait(false);
        try
        {
            await file.WriteAsync("# seconds rows length [deadline=ms] [priority=n] [tenant=name] [model=name/version]\n").ConfigureAwait(false);
            var lines = new StringBuilder();
            var written = 0L;
            while (written < _mostBytes && await _arrivals.Reader.WaitToReadAsync().ConfigureAwait(false))
            {
                while (written + lines.Length < _mostBytes && lines.Length < 1 << 16 && _arrivals.Reader.TryRead(out var next))
                {
                    ArrivalTrace.AppendLine(lines, next.Arrival, next.Model);
                }

                await file.WriteAsync(lines).ConfigureAwait(false);
                await file.FlushAsync().ConfigureAwait(false);
                written += lines.Length;
                lines.Clear();
            }

            if (written >= _mostBytes)
            {
                LogFull(_path, written);
            }

            if (Interlocked.Read(ref _left) is var left and > 0)
            {
                LogLeft(_path, left);
            }
        }
        catch (IOException exception)
        {
            LogFailed(_path, exception.Message);
        }

        _ended = true;
        _arrivals.Writer.TryComplete();
    }
}
