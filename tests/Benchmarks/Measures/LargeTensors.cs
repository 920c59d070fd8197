using Serving.Benchmarks.Loads;
using Serving.Benchmarks.Models;
using Serving.Benchmarks.Reporting;
using Serving.Benchmarks.Rig;

namespace Serving.Benchmarks.Measures;

/// <summary>P14: bytes a second of a model that gives back the 602,112 bytes it gets, in batches of one, beside the echo of that size.</summary>
internal sealed class LargeTensors : IMeasure
{
    private static readonly MeasureDefinition Definition = new(
        "P14", "602,112 bytes there and back through Identity: bytes/s ÷ those of the echo", "", "two copies and more (Triton)", "at least 0.90 (0.95)");

    public IReadOnlyList<MeasureDefinition> Definitions => [Definition];

    public IReadOnlyList<string> Needs => ["h2load"];

    public async Task<IReadOnlyList<MeasureResult>> RunAsync(BenchRig rig)
    {
        var served = await rig.ServedAsync(BenchModels.Large, BenchModels.LargeWidth, batched: false);
        var (ratio, own, echoed) = (new Spread(), new Spread(), new Spread());
        for (var round = 0; round < rig.Options.Rounds; round++)
        {
            var echo = await served.LoadEchoAsync(rig.Options.Seconds);
            var infer = await served.LoadAsync(rig.Options.Seconds);
            own.Add(GigabytesPerSecond(infer));
            echoed.Add(GigabytesPerSecond(echo));
            ratio.Add(infer.Rate / echo.Rate);
        }

        return [new(Definition, ratio, new("served, one way", "GB/s", own), new("gRPC echo", "GB/s", echoed))];
    }

    private static double GigabytesPerSecond(LoadResult result) => result.Rate * BenchModels.LargeWidth * sizeof(float) / 1e9;
}
