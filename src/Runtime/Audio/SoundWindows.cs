namespace Serving.Runtime.Audio;

/// <summary>Cuts long recordings into windows that overlap.</summary>
internal static class SoundWindows
{
    /// <summary>Windows of one length, in order; the last one is moved back so that it is as long as the others.</summary>
    /// <param name="count">Samples of the recording.</param>
    /// <param name="length">Samples of a window.</param>
    /// <param name="step">From the beginning of one to that of the next.</param>
    public static IReadOnlyList<Range> Full(int count, int length, int step)
    {
        if (count <= length)
        {
            return [Range.EndAt(count)];
        }

        var windows = new List<Range>();
        for (var start = 0; start + length < count; start += step)
        {
            windows.Add(start..(start + length));
        }

        windows.Add((count - length)..count);
        return windows;
    }

    /// <summary>Windows with an edge on both sides that only helps to hear the middle; the last one is what is left.</summary>
    /// <param name="count">Samples of the recording.</param>
    /// <param name="length">Samples of a window, its edges included.</param>
    /// <param name="edge">Samples of an edge, less than half of a window.</param>
    public static IReadOnlyList<Range> WithEdges(int count, int length, int edge)
    {
        var windows = new List<Range>();
        for (var start = 0; ; start += length - (2 * edge))
        {
            if (start + length >= count)
            {
                windows.Add(start..count);
                return windows;
            }

            windows.Add(start..(start + length));
        }
    }
}
