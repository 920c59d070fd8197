namespace Serving.Server.Tracing;

/// <summary>Settings in effect: chooses the requests to trace and the file that each trace goes to.</summary>
internal sealed class TraceSampler(TraceSettings settings, TraceFile file)
{
    private long _seen;
    private int _remaining = settings.Count;
    private string? _indexed;
    private uint _inIndexed;
    private int _written;

    public TraceSettings Settings => settings;

    public TraceFile File => file;

    /// <summary>The settings with what is left of their count.</summary>
    public TraceSettings Current => settings with { Count = Volatile.Read(ref _remaining) };

    /// <summary>Whether this request is to be traced. For any number of threads.</summary>
    public bool TrySample()
    {
        if (!settings.Timestamps || Interlocked.Increment(ref _seen) % settings.Rate != 0)
        {
            return false;
        }

        for (var left = Volatile.Read(ref _remaining); left > 0;)
        {
            var found = Interlocked.CompareExchange(ref _remaining, left - 1, left);
            if (found == left)
            {
                return true;
            }

            left = found;
        }

        return settings.Count < 0;
    }

    /// <summary>The file of the next trace, and whether it is the file's first. Only for the writer.</summary>
    public string NextPath(out bool begins)
    {
        if (!settings.IsIndexed)
        {
            begins = file.TryBegin();
            return file.Path;
        }

        begins = _indexed is null;
        var path = _indexed ??= file.NextIndexed();
        _written++;
        if (++_inIndexed == settings.LogFrequency || _written == settings.Count)
        {
            (_indexed, _inIndexed) = (null, 0);
        }

        return path;
    }
}
