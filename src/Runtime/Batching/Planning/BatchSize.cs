using System.Numerics;

namespace Serving.Runtime.Batching.Planning;

/// <summary>
/// How many rows of one length run together. Costs are straight lines between the grid's rows, so a row is cheapest at one
/// of the grid's points or at the largest size, and only these are tried.
/// </summary>
internal static class BatchSize
{
    /// <summary>A larger batch must save this part of its cost: where it saves less, the first rows are answered sooner without it.</summary>
    private const double Worth = 0.02;

    /// <summary>Runs of at least so many seconds are divided among idle lanes; for shorter ones a second thread does not pay.</summary>
    private const double Divisible = 0.001;

    /// <summary>Dividing may cost so much more in all, since nobody else wants the lanes. Arbitrary.</summary>
    private const double DivisionCost = 1.25;

    /// <summary>The fewest rows at which a row is about as cheap as it can be, and what it costs there; as many as fit while nothing is known.</summary>
    /// <returns>Rows, and seconds a row.</returns>
    public static (int Rows, double Seconds) Cheapest(int length, IRunCost cost, PlanLimits limits) =>
        Cheapest(limits.MostRows(length), length, cost);

    /// <summary>The rows of the next batch.</summary>
    /// <param name="waiting">Rows that wait, all of the length.</param>
    /// <param name="length">Their length.</param>
    /// <param name="cost">What runs take.</param>
    /// <param name="limits">How large a batch may be.</param>
    /// <param name="freeLanes">Runs that could begin now.</param>
    public static int Next(int waiting, int length, IRunCost cost, PlanLimits limits, int freeLanes = 1)
    {
        var most = Math.Min(waiting, limits.MostRows(length));
        return most <= 1 ? 1 : Divide(FewestSeconds(waiting, most, length, cost), waiting, length, cost, freeLanes);
    }

    private static (int Rows, double Seconds) Cheapest(int most, int length, IRunCost cost)
    {
        var least = double.PositiveInfinity;
        for (var rows = 1; rows != 0; rows = Larger(rows, most))
        {
            least = Math.Min(least, cost.Predict(rows, length) / rows);
        }

        for (var rows = 1; rows < most && least > 0; rows = Larger(rows, most))
        {
            var seconds = cost.Predict(rows, length) / rows;
            if (seconds * (1 - Worth) <= least)
            {
                return (rows, seconds);
            }
        }

        return (most, least);
    }

    // A first batch, and then others of the cheapest size.
    private static int FewestSeconds(int waiting, int most, int length, IRunCost cost)
    {
        var (cheapest, rate) = Cheapest(most, length, cost);
        if (rate <= 0)
        {
            return most;
        }

        var least = double.PositiveInfinity;
        for (var rows = 1; rows != 0; rows = Larger(rows, most))
        {
            least = Math.Min(least, Total(rows));
        }

        for (var rows = 1; rows < most; rows = Larger(rows, most))
        {
            if (Total(rows) - least <= Worth * cost.Predict(rows, length))
            {
                return rows;
            }
        }

        return most;

        double Total(int first)
        {
            var (full, rest) = Math.DivRem(waiting - first, cheapest);
            return cost.Predict(first, length) + (full * rate * cheapest) + (rest > 0 ? cost.Predict(rest, length) : 0);
        }
    }

    private static int Larger(int rows, int most) => rows >= most ? 0 : Math.Min(1 << (BitOperations.Log2((uint)rows) + 1), most);

    private static int Divide(int rows, int waiting, int length, IRunCost cost, int lanes)
    {
        var whole = lanes > 1 && rows == waiting ? cost.Predict(rows, length) : 0;
        if (whole < Divisible)
        {
            return rows;
        }

        for (var parts = Math.Min(lanes, rows); parts > 1; parts--)
        {
            var each = (rows + parts - 1) / parts;
            if (cost.Predict(each, length) * parts <= whole * DivisionCost)
            {
                return each;
            }
        }

        return rows;
    }
}
