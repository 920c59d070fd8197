namespace Serving.Runtime.Models;

/// <summary>What has been learned of the time that a model version's runs take, by which batches are planned.</summary>
/// <param name="Model">The name as the repository spells it.</param>
/// <param name="Version">The version.</param>
/// <param name="Provider">The execution provider in use; costs are learned for it alone.</param>
/// <param name="Runs">How many runs it was learned from, those before the version was ready among them.</param>
/// <param name="Spread">The 99th percentile of measured over predicted time, at least 1.</param>
/// <param name="Points">The sizes near which runs have been seen; between and beyond them costs are interpolated.</param>
public sealed record ModelCosts(string Model, string Version, string Provider, long Runs, double Spread, IReadOnlyList<CostPoint> Points)
{
    internal static ModelCosts Of(string model, LoadedGraph loaded) => new(
        model,
        loaded.Version,
        loaded.Provider,
        loaded.Cost.Runs,
        loaded.Cost.Spread,
        [.. loaded.Cost.Points.Select(point => new CostPoint(point.Rows, point.Length, point.Seconds))]);
}
