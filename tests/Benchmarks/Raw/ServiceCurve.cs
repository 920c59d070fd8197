using Serving.Benchmarks.Reporting;
using Serving.Benchmarks.Rig;

namespace Serving.Benchmarks.Raw;

/// <summary>
/// What a row costs alone and in batches, on the server's core, over some rounds. The best batch is the one with the best median: the
/// best of each round would be the one that luck favoured, and a bound that no batch reaches.
/// </summary>
/// <param name="model">The graph.</param>
internal sealed class ServiceCurve(RawModel model)
{
    private static readonly int[] Batches = [1, 2, 4, 8, 16, 32, 64, 128];

    private readonly Spread[] _perRow = [.. Batches.Select(_ => new Spread())];

    /// <summary>Seconds of a row in a run of its own, by round.</summary>
    public Spread Alone => _perRow[0];

    /// <summary>Seconds of a row in the batch in which it is cheapest, by round.</summary>
    public Spread Best => _perRow.MinBy(seconds => seconds.Median)!;

    /// <summary>The rows of that batch.</summary>
    public int BestRows => Batches[Array.IndexOf(_perRow, Best)];

    /// <summary>Measures a round.</summary>
    /// <param name="seconds">For all batches together.</param>
    public Task AddRoundAsync(double seconds) => Cores.RunOnAsync(Cores.Server, () =>
    {
        foreach (var (rows, perRow) in Batches.Zip(_perRow))
        {
            perRow.Add(model.SecondsPerRun(rows, seconds / Batches.Length) / rows);
        }

        return true;
    });
}
