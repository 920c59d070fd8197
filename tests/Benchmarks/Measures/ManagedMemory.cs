using Serving.Benchmarks.Models;
using Serving.Benchmarks.Reporting;
using Serving.Benchmarks.Rig;

namespace Serving.Benchmarks.Measures;

/// <summary>P6: what the runtime allocates for a request in steady state, batched, and how often it collects everything meanwhile.</summary>
internal sealed class ManagedMemory : IMeasure
{
    private const string Allocated = "dotnet_gc_heap_total_allocated_bytes_total";
    private const string Collections = "dotnet_gc_collections_total";

    private const string Requests = "serving_requests_total";

    /// <summary>How much longer the load lasts than what is measured of it.</summary>
    private static readonly TimeSpan Edges = TimeSpan.FromSeconds(2);

    private static readonly MeasureDefinition Bytes = new(
        "P6", "one addition, batched: managed bytes allocated for a request", "B", "11 inline, 577 batched (prototype)", "at most 64 (16)");

    private static readonly MeasureDefinition Generation = new("P6", "the same: collections of generation 2 meanwhile", "", "", "0");

    public IReadOnlyList<MeasureDefinition> Definitions => [Bytes, Generation];

    public IReadOnlyList<string> Needs => ["h2load"];

    public async Task<IReadOnlyList<MeasureResult>> RunAsync(BenchRig rig)
    {
        const int Million = 1_000_000;
        var served = await rig.ServedAsync(BenchModels.Tiny, BenchModels.TinyWidth);
        var (bytes, echoBytes, requests) = (new Spread(), new Spread(), 0.0);
        var begun = await served.Server.ReadMetricsAsync();
        for (var round = 0; round < rig.Options.Rounds || (rig.Options.Million && requests < Million); round++)
        {
            // Connections and their streams are made in the first second, and not in steady state.
            var load = served.LoadAsync(rig.Options.Seconds + Edges.TotalSeconds);
            await Task.Delay(Edges / 2);
            var before = await served.Server.ReadMetricsAsync();
            await Task.Delay(TimeSpan.FromSeconds(rig.Options.Seconds));
            var after = await served.Server.ReadMetricsAsync();
            await load;
            bytes.Add(Change(Allocated, before, after) / Change(Requests, before, after));
            requests = Change(Requests, begun, after);
            echoBytes.Add(await TakeEchoAsync(served, rig.Options.Seconds));
        }

        var collections = Change(Collections, begun, await served.Server.ReadMetricsAsync(), "gen2");
        return [new(Bytes, bytes, new("gRPC echo, its connections included", "B", echoBytes), new("requests in all", "", Spread.Of(requests))), new(Generation, Spread.Of(collections))];
    }

    private static async Task<double> TakeEchoAsync(ServedModel served, double seconds)
    {
        var before = await served.Echo.ReadAllocatedAsync();
        var load = await served.LoadEchoAsync(seconds);
        return (await served.Echo.ReadAllocatedAsync() - before) / load.Answers;
    }

    private static double Change(string name, MetricsText before, MetricsText after, string label = "") =>
        after.Sum(name, label) - before.Sum(name, label);
}
