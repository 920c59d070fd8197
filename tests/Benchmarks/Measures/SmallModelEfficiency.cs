using Serving.Benchmarks.Loads;
using Serving.Benchmarks.Models;
using Serving.Benchmarks.Raw;
using Serving.Benchmarks.Reporting;
using Serving.Benchmarks.Rig;

namespace Serving.Benchmarks.Measures;

/// <summary>
/// P1 and P7: what serving a small model costs beyond its two necessary parts, gRPC without a model and the model's rows in their
/// cheapest batches; in requests a second and in processor time. One core, 128 requests in flight.
/// </summary>
internal sealed class SmallModelEfficiency : IMeasure
{
    private static readonly MeasureDefinition Rate = new(
        "P1", "MLP on one core: requests/s ÷ 1/(1/echo + 1/raw best batch)", "", "0.69 to 0.78 (prototype), 0.18 (fastify)", "at least 0.90 (0.95)");

    private static readonly MeasureDefinition Processor = new(
        "P7", "the same: CPU time of a request ÷ (echo's + a row's in the raw best batch)", "", "1.33 (prototype)", "(at most 1.06)");

    public IReadOnlyList<MeasureDefinition> Definitions => [Rate, Processor];

    public IReadOnlyList<string> Needs => ["h2load"];

    public async Task<IReadOnlyList<MeasureResult>> RunAsync(BenchRig rig)
    {
        var served = await rig.ServedAsync(BenchModels.Perceptron, BenchModels.PerceptronWidth);
        var curve = new ServiceCurve(rig.Raw(BenchModels.Perceptron));
        var (efficiency, cost) = (new Spread(), new Spread());
        var (rates, echoRates, rows, costs, echoCosts) = (new Spread(), new Spread(), new Spread(), new Spread(), new Spread());
        for (var round = 0; round < rig.Options.Rounds; round++)
        {
            var (echo, echoCost) = await LoadAsync(served.Echo.Process, () => served.LoadEchoAsync(rig.Options.Seconds));
            var (infer, inferCost) = await LoadAsync(served.Server.Process, () => served.LoadAsync(rig.Options.Seconds));
            await curve.AddRoundAsync(rig.Options.Seconds / 2);
            rates.Add(infer.Rate);
            echoRates.Add(echo.Rate);
            costs.Add(inferCost * 1e6);
            echoCosts.Add(echoCost * 1e6);
        }

        for (var round = 0; round < rig.Options.Rounds; round++)
        {
            var row = curve.Best[round];
            rows.Add(1 / row);
            efficiency.Add(rates[round] * ((1 / echoRates[round]) + row));
            cost.Add(costs[round] / (echoCosts[round] + (row * 1e6)));
        }

        return
        [
            new(Rate, efficiency, new("served", "1/s", rates), new("gRPC echo of the same sizes", "1/s", echoRates), new($"raw, rows in batches of {curve.BestRows}", "1/s", rows)),
            new(Processor, cost, new("served", "us", costs), new("gRPC echo of the same sizes", "us", echoCosts)),
        ];
    }

    /// <summary>The load's result and the processor seconds of a request.</summary>
    private static async Task<(LoadResult Result, double Cost)> LoadAsync(ChildProcess process, Func<Task<LoadResult>> load)
    {
        var before = process.ProcessorSeconds;
        var result = await load();
        return (result, (process.ProcessorSeconds - before) / result.Answers);
    }
}
