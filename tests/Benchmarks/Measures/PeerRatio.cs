using Serving.Benchmarks.Models;
using Serving.Benchmarks.Reporting;
using Serving.Benchmarks.Rig;

namespace Serving.Benchmarks.Measures;

/// <summary>
/// P5: requests a second beside fastify with onnxruntime-node, each with its own protocol, on the same core with the same ONNX Runtime
/// and as many requests in flight.
/// </summary>
internal sealed class PeerRatio : IMeasure
{
    private static readonly MeasureDefinition Tiny = new(
        "P5", "one addition on one core: requests/s ÷ those of fastify + onnxruntime-node", "", "6.5 (prototype, unbatched)", "at least 5 (5.5)");

    private static readonly MeasureDefinition Perceptron = new("P5", "the same with the MLP", "", "4.0 (prototype)", "at least 3.5 (3.8)");

    public IReadOnlyList<MeasureDefinition> Definitions => [Tiny, Perceptron];

    public IReadOnlyList<string> Needs => ["h2load"];

    public async Task<IReadOnlyList<MeasureResult>> RunAsync(BenchRig rig) => FastifyPeer.Missing() is { } missing
        ? [MeasureResult.Without(Tiny, missing), MeasureResult.Without(Perceptron, missing)]
        :
        [
            await CompareAsync(rig, Tiny, BenchModels.Tiny, BenchModels.TinyWidth),
            await CompareAsync(rig, Perceptron, BenchModels.Perceptron, BenchModels.PerceptronWidth),
        ];

    private static async Task<MeasureResult> CompareAsync(BenchRig rig, MeasureDefinition definition, string model, int width)
    {
        var served = await rig.ServedAsync(model, width);
        using var peer = await FastifyPeer.StartAsync(rig.Models.PathOf(model), width);
        await peer.LoadAsync(rig.Options.WarmUpSeconds / 3);
        var (ratio, own, other) = (new Spread(), new Spread(), new Spread());
        for (var round = 0; round < rig.Options.Rounds; round++)
        {
            var ours = (await served.LoadAsync(rig.Options.Seconds)).Rate;
            var theirs = (await peer.LoadAsync(rig.Options.Seconds)).Rate;
            own.Add(ours);
            other.Add(theirs);
            ratio.Add(ours / theirs);
        }

        return new(definition, ratio, new($"{model}: served, gRPC", "1/s", own), new($"{model}: fastify + onnxruntime-node, binary POST", "1/s", other));
    }
}
