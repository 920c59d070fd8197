using System.Diagnostics;
using Serving.Benchmarks.Rig;

namespace Serving.Benchmarks.Raw;

/// <summary>Requests of mixed lengths, run by ONNX Runtime alone on both cores, a run on each at a time.</summary>
internal static class RawTokens
{
    /// <summary>Tokens a second, padding not counted. Windows are run whole, since their batches go from short to long.</summary>
    /// <param name="model">The graph.</param>
    /// <param name="lengths">The rows' lengths, over and over.</param>
    /// <param name="window">How many rows are sorted by length before they are cut into batches.</param>
    /// <param name="rows">The rows of a batch; of 1 nothing is padded.</param>
    /// <param name="seconds">The least time.</param>
    public static async Task<TokenRate> MeasureAsync(RawModel model, int[] lengths, int window, int rows, double seconds)
    {
        var batches = Cut(lengths, window, rows);
        var perWindow = batches.Count * window / lengths.Length;
        var rates = await Task.WhenAll(
            Cores.RunOnAsync(Cores.Server, () => Run(model, batches, start: 0, perWindow, seconds)),
            Cores.RunOnAsync(Cores.Load, () => Run(model, batches, start: batches.Count / 2, perWindow, seconds)));
        return new TokenRate(rates.Sum(rate => rate.PerSecond), rates.Average(rate => rate.PerProcessorSecond));
    }

    /// <summary>Batches of like lengths, window by window.</summary>
    public static IReadOnlyList<int[]> Cut(int[] lengths, int window, int rows) =>
        [.. lengths.Chunk(window).SelectMany(part => part.Order().Chunk(rows))];

    private static TokenRate Run(RawModel model, IReadOnlyList<int[]> batches, int start, int perWindow, double seconds)
    {
        var bound = new Dictionary<(int Rows, int Length), RawRun>();
        try
        {
            var (tokens, started, worked) = (0L, Stopwatch.GetTimestamp(), ThreadClock.Seconds);
            for (var next = 0; next % perWindow != 0 || next == 0 || Stopwatch.GetElapsedTime(started).TotalSeconds < seconds; next++)
            {
                var batch = batches[(start + next) % batches.Count];
                var shape = (batch.Length, batch.Max());
                if (!bound.TryGetValue(shape, out var run))
                {
                    run = bound[shape] = model.Bind(batch.Length, batch.Max(), keepsOutputs: false);
                }

                run.Execute();
                tokens += batch.Sum();
            }

            return new TokenRate(tokens / Stopwatch.GetElapsedTime(started).TotalSeconds, tokens / (ThreadClock.Seconds - worked));
        }
        finally
        {
            foreach (var run in bound.Values)
            {
                run.Dispose();
            }
        }
    }
}
