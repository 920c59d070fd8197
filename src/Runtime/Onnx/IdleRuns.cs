namespace Serving.Runtime.Onnx;

/// <summary>A session's runs that nobody uses, so that the next of the same shapes binds nothing. The longest unused makes room.</summary>
internal sealed class IdleRuns
{
    /// <summary>Two for each number of rows up to the default largest batch.</summary>
    private const int Most = 64;

    /// <summary>All of them together may keep so many bytes; more is freed at once. A full batch of images with its answers fits. Arbitrary.</summary>
    private const long MostBytes = 32 * 1024 * 1024;

    private readonly Lock _gate = new();
    private readonly List<BoundRun> _runs = [];
    private long _bytes;
    private bool _closed;

    /// <summary>Takes out a run of these shapes; null where there is none.</summary>
    public BoundRun? Take(int hash, ReadOnlySpan<RunInput> inputs, IReadOnlyList<string> outputs)
    {
        lock (_gate)
        {
            for (var i = _runs.Count - 1; i >= 0; i--)
            {
                var run = _runs[i];
                if (run.Hash == hash && run.Fits(inputs, outputs))
                {
                    _runs.RemoveAt(i);
                    _bytes -= run.KeptBytes;
                    return run;
                }
            }
        }

        return null;
    }

    /// <summary>Keeps a run, or frees it where there is no room.</summary>
    public void Put(BoundRun run)
    {
        lock (_gate)
        {
            if (!_closed && run.KeptBytes <= MostBytes)
            {
                _runs.Add(run);
                _bytes += run.KeptBytes;
                Shrink();
                return;
            }
        }

        run.Free();
    }

    /// <summary>Frees all, and from now on every run that comes back.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            _runs.ForEach(static run => run.Free());
            _runs.Clear();
            _bytes = 0;
        }
    }

    private void Shrink()
    {
        while (_runs.Count > Most || _bytes > MostBytes)
        {
            _bytes -= _runs[0].KeptBytes;
            _runs[0].Free();
            _runs.RemoveAt(0);
        }
    }
}
