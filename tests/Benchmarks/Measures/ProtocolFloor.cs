using Serving.Benchmarks.Models;
using Serving.Benchmarks.Reporting;
using Serving.Benchmarks.Rig;

namespace Serving.Benchmarks.Measures;

/// <summary>P15: our gRPC without a model beside nginx, which answers a file of the same length over HTTP/2.</summary>
internal sealed class ProtocolFloor : IMeasure
{
    private static readonly MeasureDefinition Definition = new(
        "P15", "gRPC echo ÷ nginx with a static file over HTTP/2, requests/s on one core", "", "0.75 to 1.15 (prototype)", "(at least 1.3)");

    public IReadOnlyList<MeasureDefinition> Definitions => [Definition];

    public IReadOnlyList<string> Needs => ["h2load", "nginx"];

    public async Task<IReadOnlyList<MeasureResult>> RunAsync(BenchRig rig)
    {
        var served = await rig.ServedAsync(BenchModels.Tiny, BenchModels.TinyWidth);
        using var nginx = new NginxPeer(served.AnswerBytes);
        await nginx.StartAsync();
        var (ratio, own, other) = (new Spread(), new Spread(), new Spread());
        for (var round = 0; round < rig.Options.Rounds; round++)
        {
            var ours = (await served.LoadEchoAsync(rig.Options.Seconds)).Rate;
            var theirs = (await nginx.LoadAsync(rig.Options.Seconds)).Rate;
            own.Add(ours);
            other.Add(theirs);
            ratio.Add(ours / theirs);
        }

        return [new(Definition, ratio, new("gRPC echo", "1/s", own), new("nginx", "1/s", other))];
    }
}
