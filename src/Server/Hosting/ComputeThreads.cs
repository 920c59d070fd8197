namespace Serving.Server.Hosting;

/// <summary>
/// A run of a graph blocks the pool thread that it runs on. With the pool's default minimum, one thread per core, as many
/// runs as cores would leave none for sockets and timers until the pool's hill climbing adds one, up to half a second later.
/// So the pool may start one thread per concurrent run besides one per core without hesitation.
/// </summary>
internal static class ComputeThreads
{
    /// <summary>Raises the pool's minimum, never lowers it.</summary>
    /// <param name="threads">The engine's budget; 0 for one thread per core of the quota.</param>
    public static void Reserve(int threads)
    {
        ThreadPool.GetMinThreads(out var workers, out var completions);
        ThreadPool.SetMinThreads(Math.Max(workers, Minimum(threads, Environment.ProcessorCount)), completions);
    }

    public static int Minimum(int threads, int cores) => cores + (threads == 0 ? cores : threads);
}
