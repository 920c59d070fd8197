using System.Globalization;

namespace Serving.Runtime.Simulation;

/// <summary>
/// The measures that are taken by simulation, with the tables of <see cref="ExampleTables"/>: P8, the padding computed; P9,
/// what is answered in time under overload; P10, the 99th percentile against the best that could be. Deterministic.
/// </summary>
public static class SimulationMeasures
{
    private const int Requests = 20_000;

    private static readonly SimulationSettings Accelerator = new() { MaxBatchRows = 256, MaxBatchTokens = 16_384, MaxQueueRows = int.MaxValue };

    private static readonly SimulationSettings Processor = new() { Workers = 2, MaxQueueRows = int.MaxValue };

    /// <summary>All of them.</summary>
    public static IEnumerable<MeasuredValue> All => [.. LengthMix.All.Select(PaddingWaste), .. Overload(), .. LengthMix.All.SelectMany(Tail)];

    /// <summary>
    /// P8: the part of the computed tokens that is padding, at 0.95 of the requests a second that a server without padding and
    /// without starts of runs could answer; beside it what batches of 32 in the order of arrival waste at the same 99th percentile.
    /// </summary>
    public static MeasuredValue PaddingWaste(LengthMix mix)
    {
        var costs = ExampleTables.Read(ExampleTables.Accelerator);
        var rate = 0.95 * UnpaddedRate(costs, mix);
        var live = Replay.Live(Traffic.Random(rate, Requests, mix), costs, Accelerator);
        var (fifo, fifoRate) = FifoWithin(live.Percentile(0.99), rate, costs, mix);
        return new MeasuredValue(
            $"P8 padding waste, {mix.Name}",
            live.PaddingWaste,
            0.06,
            IsUpper: true,
            Text($"{rate:0}/s, p99 {live.Percentile(0.99) * 1000:0.0} ms, {live.MeanRows:0.0} rows a run; batches of 32 in order within that p99: {fifoRate:0}/s, waste {fifo.PaddingWaste:0.000}"));
    }

    /// <summary>
    /// P9: answered in time a second at 1.5 times the capacity, in bursts (the gaps' squared coefficient of variation is 8),
    /// over the same at the load where it is most; and what was let in but not answered in time.
    /// </summary>
    public static IReadOnlyList<MeasuredValue> Overload()
    {
        var costs = ExampleTables.Read(ExampleTables.Processor);
        var capacity = Capacity(costs, LengthMix.Uniform, Processor);
        var goodput = new List<(double Load, SimulationReport Report)>();
        foreach (var load in (double[])[0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.1, 1.2, 1.3, 1.4, 1.5])
        {
            var trace = Traffic.Random(load * capacity, Requests, LengthMix.Uniform, burstiness: 8, deadline: 0.1);
            goodput.Add((load, Replay.Live(trace, costs, Processor)));
        }

        var best = goodput.MaxBy(g => g.Report.OnTimePerSecond);
        var over = goodput[^1].Report;
        return
        [
            new MeasuredValue(
                "P9 on time at 1.5 x load over the best",
                over.OnTimePerSecond / best.Report.OnTimePerSecond,
                0.93,
                IsUpper: false,
                Text($"{over.OnTimePerSecond:0.0}/s against {best.Report.OnTimePerSecond:0.0}/s at {best.Load:0.0} x; capacity {capacity:0.0}/s; deadline 100 ms")),
            new MeasuredValue(
                "P9 let in and not answered in time",
                over.BrokenPromises,
                1e-5,
                IsUpper: true,
                Text($"{over.Late} late, {over.GivenUp.Values.Sum()} given up, of {Requests - over.Refused.Values.Sum()} let in")),
        ];
    }

    /// <summary>P10: the 99th percentile at 0.7 of the capacity over that of <see cref="Replay.Ideal"/>, on both tables.</summary>
    public static IEnumerable<MeasuredValue> Tail(LengthMix mix)
    {
        foreach (var (name, settings) in ((string, SimulationSettings)[])[(ExampleTables.Processor, Processor), (ExampleTables.Accelerator, Accelerator)])
        {
            var costs = ExampleTables.Read(name);
            var trace = Traffic.Random(0.7 * Capacity(costs, mix, settings), Requests, mix);
            var live = Replay.Live(trace, costs, settings).Percentile(0.99);
            var ideal = Replay.Ideal(trace, costs, settings).Percentile(0.99);
            yield return new MeasuredValue(
                $"P10 p99 over ideal, {mix.Name}, {name}", live / ideal, 1.2, IsUpper: true, Text($"{live * 1000:0.00} ms against {ideal * 1000:0.00} ms"));
        }
    }

    /// <summary>Requests a second that are answered where all are there from the beginning.</summary>
    public static double Capacity(CostTable costs, LengthMix mix, SimulationSettings settings) =>
        2_000 / Replay.Live(Traffic.Random(1e9, 2_000, mix), costs, settings).Duration;

    // What a token costs in the largest batch, times the tokens that there are.
    private static double UnpaddedRate(CostTable costs, LengthMix mix)
    {
        var token = (costs.Predict(256, 256) - costs.Predict(64, 256)) / (192 * 256);
        return 1 / (token * Traffic.Random(1, Requests, mix).Average(a => a.Length));
    }

    private static (SimulationReport Report, double Rate) FifoWithin(double bound, double most, CostTable costs, LengthMix mix)
    {
        var settings = Accelerator with { MaxBatchRows = 32 };
        var (low, high) = (0.0, most);
        var best = (Report: Replay.Fifo(Traffic.Random(most / 100, Requests, mix), costs, settings), Rate: most / 100);
        for (var step = 0; step < 8; step++)
        {
            var rate = (low + high) / 2;
            var report = Replay.Fifo(Traffic.Random(rate, Requests, mix), costs, settings);
            if (report.Percentile(0.99) <= bound)
            {
                (best, low) = ((report, rate), rate);
            }
            else
            {
                high = rate;
            }
        }

        return best;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
