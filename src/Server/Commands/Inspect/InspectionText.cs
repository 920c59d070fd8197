using System.Globalization;
using Serving.Runtime.Models;

namespace Serving.Server.Commands.Inspect;

/// <summary>Writes what was found for people.</summary>
internal static class InspectionText
{
    private const double Mebibyte = 1024 * 1024;

    public static void Write(Inspection found, TextWriter output)
    {
        var details = found.Details;
        output.WriteLine($"{details.Name} version {details.Version}: {State(details)}");
        Line("file", details.File);
        if (details.Batching is not { } batching)
        {
            return;
        }

        foreach (var (provider, why) in details.RefusedProviders)
        {
            Line("refused", $"{provider}: {why}");
        }

        Lines("inputs", found.Inputs.Select(input => Describe(input, batching)));
        Lines("outputs", found.Outputs.Select(tensor => Describe(tensor, batching)));
        Line("batching", Mode(batching));
        Line("because", batching.Evidence);
        Line("sample", batching.Sample.Length > 0 ? batching.Sample : "none that the graph accepts was found");
        Lines("costs", Costs(found.Costs!));
        Line("memory", $"{Mebibytes(details.FileBytes)} of graph and weights; loading and trying it took {Mebibytes(found.ResidentBytes)}");
        Lines("warnings", details.Warnings);

        void Lines(string title, IEnumerable<string> lines)
        {
            foreach (var line in lines)
            {
                Line(title, line);
                title = "";
            }
        }

        void Line(string title, string text) => output.WriteLine($"  {title,-9}{text}");
    }

    private static string State(ModelDetails details) => details.State switch
    {
        ModelState.Ready => $"ready on {details.Provider}",
        ModelState.Unavailable => $"cannot be loaded: {details.Reason}",
        _ => details.Reason.Length > 0 ? details.Reason : "not loaded",
    };

    private static string Mode(BatchingDetails batching) => batching.Mode switch
    {
        BatchingMode.Padded => $"rows of different requests run together, up to {batching.MaxRows}; shorter ones are padded",
        BatchingMode.EqualShapes => $"rows of different requests run together, up to {batching.MaxRows}, where their shapes are equal",
        _ => "each request runs by itself",
    };

    private static string Describe(InspectedTensor tensor, BatchingDetails batching)
    {
        var parts = new List<string> { $"{tensor.Name} {tensor.Datatype} [{string.Join(", ", tensor.Shape.Select((extent, axis) => Extent(tensor, extent, axis)))}]" };
        if (tensor.Optional)
        {
            parts.Add("optional");
        }

        if (batching.BatchAxes.TryGetValue(tensor.Name, out var axis))
        {
            parts.Add($"rows along axis {axis}");
        }

        if (batching.LengthAxes.TryGetValue(tensor.Name, out var lengths))
        {
            parts.Add($"length{(lengths.Count > 1 ? "s" : "")} along axis {string.Join(" and ", lengths)}");
        }

        if (batching.PaddingValues.TryGetValue(tensor.Name, out var value))
        {
            parts.Add($"padded with {value}");
        }

        parts.AddRange(batching.OutputLengths.GetValueOrDefault(tensor.Name, []));
        return string.Join("; ", parts);
    }

    private static string Extent(InspectedTensor tensor, long extent, int axis) =>
        extent >= 0 ? extent.ToString(CultureInfo.InvariantCulture)
        : axis < tensor.AxisNames.Count && tensor.AxisNames[axis].Length > 0 ? tensor.AxisNames[axis]
        : "?";

    // A line for each length, as batches are compared along one.
    private static IEnumerable<string> Costs(ModelCosts costs) => costs.Points.Count == 0
        ? ["unknown until requests come"]
        : costs.Points.GroupBy(point => point.Length).OrderBy(group => group.Key).Select(group =>
            $"{(costs.Points.Any(point => point.Length > 1) ? $"length {group.Key}: " : "")}"
            + string.Join(", ", group.OrderBy(point => point.Rows).Select(point => string.Create(
                CultureInfo.InvariantCulture, $"{point.Rows} row{(point.Rows > 1 ? "s" : "")} {point.Seconds * 1e3:0.###} ms"))));

    private static string Mebibytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / Mebibyte:0.0} MiB");
}
