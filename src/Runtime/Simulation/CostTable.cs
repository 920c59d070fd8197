using Serving.Runtime.Batching.Planning;
using Serving.Runtime.Models;

namespace Serving.Runtime.Simulation;

/// <summary>
/// What runs take, as a table: what a server has learned of a model version (<see cref="ModelCosts"/>) or what somebody
/// supposes. Between and beyond its points it is interpolated by the server's own <see cref="RunCostModel"/>.
/// </summary>
public sealed class CostTable
{
    /// <summary>More points than a server ever has.</summary>
    public const int MostPoints = CostGrid.RowPoints * CostGrid.LengthPoints;

    /// <summary>A point between the grid's moves the four around it by a tenth at a time; so often, and it is met. Arbitrary.</summary>
    private const int Passes = 50;

    private readonly TableCost _cost;

    /// <param name="name">What it describes, for people: model, version and provider.</param>
    /// <param name="points">Sizes and their seconds, at least one.</param>
    /// <param name="spread">The 99th percentile of measured over predicted time, at least 1.</param>
    /// <param name="samples">Single runs that were measured, from which run times are drawn; empty to draw them from the spread.</param>
    public CostTable(string name, IReadOnlyList<CostPoint> points, double spread = 1, IReadOnlyList<CostPoint>? samples = null)
    {
        Name = name;
        Points = points;
        Samples = samples ?? [];
        var model = new RunCostModel();
        for (var pass = 0; pass < Passes; pass++)
        {
            foreach (var point in points)
            {
                model.Seed(point.Rows, point.Length, point.Seconds);
            }
        }

        _cost = new TableCost(model, spread);
    }

    public string Name { get; }

    public IReadOnlyList<CostPoint> Points { get; }

    /// <summary>Single runs that were measured.</summary>
    public IReadOnlyList<CostPoint> Samples { get; }

    /// <summary>The 99th percentile of measured over predicted time.</summary>
    public double Spread => _cost.Spread;

    internal IRunCost Cost => _cost;

    /// <summary>Seconds that a run is expected to take.</summary>
    public double Predict(int rows, int length) => _cost.Predict(rows, length);

    /// <summary>The same table with another spread.</summary>
    public CostTable WithSpread(double spread) => new(Name, Points, spread, Samples);
}
