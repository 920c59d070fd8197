using Serving.Benchmarks.Http2;
using Serving.Benchmarks.Loads;
using Serving.Benchmarks.Models;
using Serving.Benchmarks.Reporting;
using Serving.Benchmarks.Rig;

namespace Serving.Benchmarks.Measures;

/// <summary>
/// P18: the first request that a fresh server answers over the median of later ones of its length. Another length each round; the first
/// round shows the client the way and does not count.
/// </summary>
internal sealed class FirstRequest : IMeasure
{
    private const int SteadyCalls = 200;

    private static readonly MeasureDefinition Definition = new(
        "P18", "encoder: first request after ready ÷ steady p50, a length not seen before", "", "330 (exhaustive search), 1000 to 3000 (TensorRT)", "at most 1.3 (1.2)");

    public IReadOnlyList<MeasureDefinition> Definitions => [Definition];

    public IReadOnlyList<string> Needs => [];

    public async Task<IReadOnlyList<MeasureResult>> RunAsync(BenchRig rig)
    {
        var inputs = rig.Raw(BenchModels.Encoder).Session.InputNames;
        var (ratio, firsts, steadies) = (new Spread(), new Spread(), new Spread());
        for (var round = 0; round <= rig.Options.Rounds; round++)
        {
            using var server = await ModelServer.StartAsync(Cores.Both, rig.Models.Root);

            // No power of two and nothing near one: a length that the server itself has not tried.
            var message = GrpcMessage.Tokens(BenchModels.Encoder, inputs, 77 + (round * 7));
            using var connection = new Http2Connection(server.Grpc, GrpcMessage.Path);
            var (first, steady) = await Cores.RunOnAsync(Cores.Load, () =>
                (ClosedLoop.OneByOne(connection, message, 1).Percentile(1), ClosedLoop.OneByOne(connection, message, SteadyCalls).Percentile(0.5)));
            if (round > 0)
            {
                firsts.Add(first / 1000);
                steadies.Add(steady / 1000);
                ratio.Add(first / steady);
            }
        }

        return [new(Definition, ratio, new("first", "ms", firsts), new("steady p50", "ms", steadies))];
    }
}
