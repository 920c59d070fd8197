using Serving.Benchmarks.Models;
using Serving.Benchmarks.Reporting;
using Serving.Benchmarks.Rig;

namespace Serving.Benchmarks.Measures;

/// <summary>P6: what the runtime allocates for a request in steady state, batched, and how often it collects everything meanwhile.</summary>
internal sealed class ManagedMemory : IMeasure
{
    private const string Allocated = "dotnet_gc_heap_total_allocated_bytes_total";
    private const string Collections = "dotnet_gc_collections_total";

    private static readonly MeasureDefinition Bytes = new(
        "P6", "one addition, batched: managed bytes allocated for a request", "B", "11 inline, 577 batched (prototype)", "at most 64 (16)");

    private static readonly MeasureDefinition Generation = new("P6", "the same: collections of generation 2 meanwhile", "", "", "0");

    public IReadOnlyList<MeasureDefinition> Definitions => [Bytes, Generation];

    public IReadOnlyList<string> Needs => ["h2load"];

    public async Task<IReadOnlyList<MeasureResult>> RunAsync(BenchRig rig)
    {
        const int Million = 1_000_000;
        var served = await rig.ServedAsync(BenchModels.Tiny, BenchModels.TinyWidth);
        var (bytes, collections, requests) = (new Spread(), 0.0, 0L);
        for (var round = 0; round < rig.Options.Rounds || (rig.Options.Million && requests < Million); round++)
        {
            var (allocated, collected) = await ReadAsync(served.Server);
            var result = await served.LoadAsync(rig.Options.Seconds);
            var (allocatedAfter, collectedAfter) = await ReadAsync(served.Server);
            bytes.Add((allocatedAfter - allocated) / result.Answers);
            collections += collectedAfter - collected;
            requests += result.Answers;
        }

        return [new(Bytes, bytes, new Part("requests in all", "", Spread.Of(requests))), new(Generation, Spread.Of(collections))];
    }

    private static async Task<(double Allocated, double Collected)> ReadAsync(ModelServer server) =>
        (await server.ReadMetricAsync(Allocated), await server.ReadMetricAsync(Collections, "gen2"));
}
