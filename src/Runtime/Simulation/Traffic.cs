namespace Serving.Runtime.Simulation;

/// <summary>Makes traces of arrivals. The same seed makes the same trace.</summary>
public static class Traffic
{
    /// <summary>Independent requests of one row at a mean rate.</summary>
    /// <param name="rate">Requests a second.</param>
    /// <param name="count">How many.</param>
    /// <param name="lengths">Their lengths.</param>
    /// <param name="burstiness">The squared coefficient of variation of the gaps: 1 for Poisson, more for bursts.</param>
    /// <param name="seed">Makes it repeatable.</param>
    /// <param name="deadline">Each request's deadline after its arrival, in seconds.</param>
    public static Arrival[] Random(
        double rate, int count, LengthMix lengths, double burstiness = 1, int seed = 1, double deadline = double.PositiveInfinity)
    {
        var random = new Random(seed);
        var arrivals = new Arrival[count];
        var at = 0.0;
        for (var i = 0; i < count; i++)
        {
            at += Gap(random, rate, burstiness);
            arrivals[i] = new Arrival(at, 1, lengths.Draw(random), deadline);
        }

        return arrivals;
    }

    /// <summary>The same requests, so many times as fast: bursts stay bursts.</summary>
    public static Arrival[] Scale(IReadOnlyList<Arrival> trace, double factor) => [.. trace.Select(a => a with { At = a.At / factor })];

    // G. E. P. Box, M. E. Muller, A Note on the Generation of Random Normal Deviates, 1958.
    internal static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    // Two exponentials with balanced means have any squared coefficient of variation from 1 up (W. Whitt, Approximating a
    // Point Process by a Renewal Process, 1982).
    private static double Gap(Random random, double rate, double burstiness)
    {
        var half = 0.5 * (1 + Math.Sqrt((burstiness - 1) / (burstiness + 1)));
        var mean = random.NextDouble() < half ? 1 / (2 * half * rate) : 1 / (2 * (1 - half) * rate);
        return -Math.Log(1 - random.NextDouble()) * mean;
    }
}
