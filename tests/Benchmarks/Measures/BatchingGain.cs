using Serving.Benchmarks.Models;
using Serving.Benchmarks.Raw;
using Serving.Benchmarks.Reporting;
using Serving.Benchmarks.Rig;

namespace Serving.Benchmarks.Measures;

/// <summary>
/// P4: what sharing runs gains on the same server, of what it could gain at most: as much as the model's own curve gives, once what
/// gRPC costs anyhow is added on both sides.
/// </summary>
internal sealed class BatchingGain : IMeasure
{
    private static readonly MeasureDefinition Definition = new(
        "P4", "MLP on one core: batched ÷ unbatched, of the ideal gain", "", "0.69 to 0.90 (prototype)", "at least 0.90 (0.95)");

    public IReadOnlyList<MeasureDefinition> Definitions => [Definition];

    public IReadOnlyList<string> Needs => ["h2load"];

    public async Task<IReadOnlyList<MeasureResult>> RunAsync(BenchRig rig)
    {
        var batched = await rig.ServedAsync(BenchModels.Perceptron, BenchModels.PerceptronWidth);
        var alone = await rig.ServedAsync(BenchModels.PerceptronAlone, BenchModels.PerceptronWidth, batched: false);
        var curve = new ServiceCurve(rig.Raw(BenchModels.Perceptron));
        var (share, gains, ideals, echoes) = (new Spread(), new Spread(), new Spread(), new Spread());
        for (var round = 0; round < rig.Options.Rounds; round++)
        {
            var together = (await batched.LoadAsync(rig.Options.Seconds)).Rate;
            var apart = (await alone.LoadAsync(rig.Options.Seconds)).Rate;
            echoes.Add((await batched.LoadEchoAsync(rig.Options.Seconds)).Rate);
            await curve.AddRoundAsync(rig.Options.Seconds / 2);
            gains.Add(together / apart);
        }

        for (var round = 0; round < rig.Options.Rounds; round++)
        {
            var echo = 1 / echoes[round];
            ideals.Add((echo + curve.Alone[round]) / (echo + curve.Best[round]));
            share.Add(gains[round] / ideals[round]);
        }

        return [new(Definition, share, new("batched ÷ unbatched", "", gains), new("ideal gain", "", ideals))];
    }
}
