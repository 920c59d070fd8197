using Serving.Benchmarks.Rig;

namespace Serving.Benchmarks.Raw;

/// <summary>What one row costs alone and in the best batch, on the server's core.</summary>
/// <param name="Alone">Seconds of a run of one row.</param>
/// <param name="Best">Seconds of a row in the batch in which it is cheapest.</param>
/// <param name="BestRows">The rows of that batch.</param>
internal sealed record ServiceCurve(double Alone, double Best, int BestRows)
{
    private static readonly int[] Batches = [1, 2, 4, 8, 16, 32, 64, 128];

    /// <summary>Measures it.</summary>
    /// <param name="model">The graph.</param>
    /// <param name="seconds">For all batches together.</param>
    public static Task<ServiceCurve> MeasureAsync(RawModel model, double seconds) => Cores.RunOnAsync(Cores.Server, () =>
    {
        double[] perRow = [.. Batches.Select(rows => model.SecondsPerRun(rows, seconds / Batches.Length) / rows)];
        var best = Array.IndexOf(perRow, perRow.Min());
        return new ServiceCurve(perRow[0], perRow[best], Batches[best]);
    });
}
