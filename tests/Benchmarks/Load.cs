using System.Diagnostics;

namespace Serving.Benchmarks;

/// <summary>Calls something often, from one client or many.</summary>
internal static class Load
{
    private const int Calls = 2000;

    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(1.5);

    /// <summary>The median duration of a call in microseconds, one after the other.</summary>
    public static async Task<double> LatencyAsync(Func<Task> call)
    {
        var times = new double[Calls];
        for (var i = 0; i < Calls; i++)
        {
            var started = Stopwatch.GetTimestamp();
            await call();
            times[i] = Stopwatch.GetElapsedTime(started).TotalMicroseconds;
        }

        Array.Sort(times);
        return times[Calls / 2];
    }

    /// <summary>Calls a second, many clients each with one call at a time.</summary>
    public static async Task<double> ThroughputAsync(Func<Task> call, int clients)
    {
        var started = Stopwatch.GetTimestamp();
        var counts = await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => Task.Run(async () =>
        {
            var count = 0;
            for (; Stopwatch.GetElapsedTime(started) < Duration; count++)
            {
                await call();
            }

            return count;
        })));
        return counts.Sum() / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }
}
