using System.Globalization;

namespace Serving.Benchmarks.Rig;

/// <summary>How long the calling thread has had a core.</summary>
internal static class ThreadClock
{
    /// <summary>Seconds so far.</summary>
    public static double Seconds
    {
        get
        {
            const double Nanosecond = 1e-9;
            var text = File.ReadAllText("/proc/thread-self/schedstat");
            return long.Parse(text.AsSpan(0, text.IndexOf(' ')), CultureInfo.InvariantCulture) * Nanosecond;
        }
    }
}
