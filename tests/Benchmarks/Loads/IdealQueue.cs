namespace Serving.Benchmarks.Loads;

/// <summary>A server without cost of its own: one run at a time, in the order of arrival, the next as soon as there is one.</summary>
internal static class IdealQueue
{
    /// <summary>From each request's arrival to its answer.</summary>
    /// <param name="arrivals">Seconds, ascending.</param>
    /// <param name="runs">Seconds that runs take, drawn from at random.</param>
    /// <param name="seed">Of the draws.</param>
    public static Latencies Replay(IReadOnlyList<double> arrivals, double[] runs, int seed)
    {
        var random = new Random(seed);
        var latencies = new Latencies();
        var free = 0.0;
        foreach (var arrival in arrivals)
        {
            free = Math.Max(free, arrival) + runs[random.Next(runs.Length)];
            latencies.Add((free - arrival) * 1e6);
        }

        return latencies;
    }
}
