namespace Serving.Benchmarks.Loads;

/// <summary>How long requests took, in microseconds.</summary>
internal sealed class Latencies
{
    private readonly List<double> _values = [];
    private bool _sorted;

    /// <summary>Those of several loads together.</summary>
    public static Latencies Of(IEnumerable<Latencies> parts)
    {
        var all = new Latencies();
        all._values.AddRange(parts.SelectMany(part => part._values));
        return all;
    }

    public int Count => _values.Count;

    public void Add(double microseconds)
    {
        _values.Add(microseconds);
        _sorted = false;
    }

    /// <summary>The least value that this share of all does not exceed (nearest rank).</summary>
    /// <param name="share">From 0 to 1.</param>
    public double Percentile(double share)
    {
        if (_values.Count == 0)
        {
            throw new InvalidOperationException("no request was answered");
        }

        if (!_sorted)
        {
            _values.Sort();
            _sorted = true;
        }

        return _values[Math.Clamp((int)Math.Ceiling(share * _values.Count) - 1, 0, _values.Count - 1)];
    }
}
