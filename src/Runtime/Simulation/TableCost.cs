using Serving.Runtime.Batching.Planning;

namespace Serving.Runtime.Simulation;

/// <summary>Costs that stay as they are, with the spread that the table names.</summary>
internal sealed class TableCost(RunCostModel model, double spread) : IRunCost
{
    public double Spread => spread;

    public double Predict(int rows, int length) => model.Predict(rows, length);
}
