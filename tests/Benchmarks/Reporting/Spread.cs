namespace Serving.Benchmarks.Reporting;

/// <summary>One measure over the rounds.</summary>
internal sealed class Spread
{
    private readonly List<double> _values = [];

    /// <summary>The middle value, or the mean of the two in the middle.</summary>
    public double Median => (Sorted[(_values.Count - 1) / 2] + Sorted[_values.Count / 2]) / 2;

    /// <summary>How many rounds there were.</summary>
    public int Count => _values.Count;

    /// <summary>The value of a round, the first being 0.</summary>
    public double this[int round] => _values[round];

    public double Least => Sorted[0];

    public double Most => Sorted[^1];

    private double[] Sorted => [.. _values.Order()];

    public void Add(double value) => _values.Add(value);

    public static Spread Of(params IEnumerable<double> values)
    {
        var spread = new Spread();
        spread._values.AddRange(values);
        return spread;
    }
}
