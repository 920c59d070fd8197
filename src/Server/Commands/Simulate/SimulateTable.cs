using System.Globalization;
using Serving.Runtime.Simulation;

namespace Serving.Server.Commands.Simulate;

/// <summary>Prints results for people: a column for each speed.</summary>
internal static class SimulateTable
{
    public static void Write(TextWriter output, IReadOnlyList<SimulateResult> results)
    {
        Line(output, "", results, r => $"x {r.Scale.ToString("0.###", CultureInfo.InvariantCulture)}");
        Line(output, "requests a second", results, r => Number(r.Rate, "0.0"));
        Line(output, "offered", results, r => Number(r.Offered, "0"));
        Line(output, "answered", results, r => Number(r.Answered, "0"));
        Line(output, "  on time", results, r => Number(r.OnTime, "0"));
        Line(output, "  late", results, r => Number(r.Late, "0"));
        WriteReasons(output, "refused", results, r => r.Refused);
        WriteReasons(output, "given up", results, r => r.GivenUp);
        Line(output, "p50", results, r => Number(r.P50Ms, "0.00") + " ms");
        Line(output, "p90", results, r => Number(r.P90Ms, "0.00") + " ms");
        Line(output, "p99", results, r => Number(r.P99Ms, "0.00") + " ms");
        Line(output, "max", results, r => Number(r.MaxMs, "0.00") + " ms");
        Line(output, "rows a batch", results, r => Number(r.MeanBatchRows, "0.00"));
        Line(output, "padding", results, r => Number(r.PaddingWaste * 100, "0.0") + " %");
        Line(output, "utilisation", results, r => Number(r.Utilisation * 100, "0.0") + " %");
        Line(output, "simulated", results, r => Number(r.Seconds, "0.0") + " s");
        Line(output, "faster than life", results, r => Number(r.Speed, "0") + " x");
    }

    public static void Write(TextWriter output, IReadOnlyList<MeasuredValue> values)
    {
        foreach (var value in values)
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{value.Name,-42} {value.Value,10:0.#####} {(value.IsUpper ? "<=" : ">=")} {value.Bound,-7:0.#####} {(value.IsReached ? "yes" : "NO "),-4} {value.Detail}"));
        }
    }

    private static void WriteReasons(
        TextWriter output, string what, IReadOnlyList<SimulateResult> results, Func<SimulateResult, IReadOnlyDictionary<string, int>> of)
    {
        foreach (var reason in results.SelectMany(r => of(r).Keys).Distinct().Order(StringComparer.Ordinal))
        {
            Line(output, $"{what}, {reason}", results, r => Number(of(r).GetValueOrDefault(reason), "0"));
        }
    }

    private static void Line(TextWriter output, string name, IReadOnlyList<SimulateResult> results, Func<SimulateResult, string> value) =>
        output.WriteLine($"{name,-26}{string.Concat(results.Select(r => $"{value(r),16}"))}");

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
