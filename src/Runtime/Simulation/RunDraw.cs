using Serving.Runtime.Models;

namespace Serving.Runtime.Simulation;

/// <summary>
/// Draws what runs really take: the table's time and a random factor. The factor is that of one of the measured runs of the
/// size nearest to it; where none were measured, it is lognormal with the median 1 and the table's spread as 99th percentile.
/// </summary>
internal sealed class RunDraw
{
    /// <summary>The 99th percentile of the standard normal distribution.</summary>
    private const double Normal99 = 2.3263;

    private readonly CostTable _table;
    private readonly Random _random;
    private readonly double _sigma;
    private readonly (int Rows, int Length, double[] Factors)[] _measured;

    public RunDraw(CostTable table, int seed)
    {
        _table = table;
        _random = new Random(seed);
        _sigma = Math.Log(table.Spread) / Normal99;
        _measured = [.. table.Samples.GroupBy(s => (s.Rows, s.Length)).Select(g => (g.Key.Rows, g.Key.Length, FactorsOf(g)))];
    }

    /// <summary>Seconds of a run.</summary>
    public double Next(int rows, int length)
    {
        var expected = _table.Predict(rows, length);
        if (_measured.Length > 0)
        {
            var factors = _measured.MinBy(m => Math.Abs(Math.Log2((double)m.Rows / rows)) + Math.Abs(Math.Log2((double)m.Length / length))).Factors;
            return expected * factors[_random.Next(factors.Length)];
        }

        return _sigma > 0 ? expected * Math.Exp(_sigma * Traffic.Normal(_random)) : expected;
    }

    private double[] FactorsOf(IGrouping<(int Rows, int Length), CostPoint> samples) =>
        [.. samples.Select(s => s.Seconds / _table.Predict(s.Rows, s.Length))];
}
