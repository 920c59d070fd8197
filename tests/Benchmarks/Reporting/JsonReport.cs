using System.Text.Json;

namespace Serving.Benchmarks.Reporting;

/// <summary>The results for programs.</summary>
internal static class JsonReport
{
    private static readonly JsonSerializerOptions SnakeCase = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

    public static void Write(string path, string machine, IReadOnlyList<MeasureResult> results)
    {
        var report = new
        {
            machine,
            measures = results.Select(result => new
            {
                id = result.Definition.Id,
                name = result.Definition.Name,
                unit = result.Definition.Unit,
                value = Describe(result.Value),
                notMeasured = result.NotMeasured,
                parts = result.Parts.Select(part => new { name = part.Name, unit = part.Unit, value = Describe(part.Value) }),
            }),
        };
        File.WriteAllText(path, JsonSerializer.Serialize(report, SnakeCase));
    }

    private static object? Describe(Spread? spread) => spread is null ? null : new { median = spread.Median, least = spread.Least, most = spread.Most };
}
