using System.Text.Json;
using Serving.Benchmarks.Reporting;
using Serving.Benchmarks.Rig;

namespace Serving.Benchmarks.Measures;

/// <summary>P8, P9 and P10: what the server's own simulator gives. It is exact, so there is one round and no spread.</summary>
internal sealed class SimulatedMeasures : IMeasure
{
    private static readonly JsonSerializerOptions SnakeCase = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public IReadOnlyList<MeasureDefinition> Definitions { get; } =
    [
        new("P8", "padding waste, simulated", "", "0.35 to 0.74 (TEI), 0.07 to 0.31 (infinity)", "at most 0.06 (0.04)"),
        new("P9", "on time at 1.5 × load ÷ at the best load, simulated", "", "0.84 of the optimum (Nexus)", "at least 0.93 (0.97)"),
        new("P10", "p99 at 70 % load ÷ an ideal's, simulated", "", "", "at most 1.2 (1.1)"),
    ];

    public IReadOnlyList<string> Needs => [];

    public async Task<IReadOnlyList<MeasureResult>> RunAsync(BenchRig rig)
    {
        string text;
        try
        {
            text = await ChildProcess.RunAsync(Cores.Both, "dotnet", ModelServer.Program, "simulate", "--measures", "--json");
        }
        catch (InvalidOperationException)
        {
            return [.. Definitions.Select(definition => MeasureResult.Without(definition, "this server has no simulator"))];
        }

        return [.. JsonSerializer.Deserialize<Simulated[]>(text, SnakeCase)!.Select(Describe)];
    }

    private MeasureResult Describe(Simulated value)
    {
        var parts = value.Name.Split(' ', 2);
        var bound = FormattableString.Invariant($"at {(value.IsUpper ? "most" : "least")} {value.Bound}");
        var definition = Definitions.Single(known => known.Id == parts[0]) with { Name = $"{parts[1]}, simulated", Goal = bound };
        return new MeasureResult(definition, Spread.Of(value.Value));
    }

    private sealed record Simulated(string Name, double Value, double Bound, bool IsUpper);
}
