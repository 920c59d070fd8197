namespace Serving.Benchmarks;

/// <summary>One measure over the rounds.</summary>
internal sealed class Spread
{
    private readonly List<double> _values = [];

    public double Median => Sorted[_values.Count / 2];

    public double Least => Sorted[0];

    public double Most => Sorted[^1];

    private double[] Sorted => [.. _values.Order()];

    public void Add(double value) => _values.Add(value);
}
