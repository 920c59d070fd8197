using System.Numerics.Tensors;

namespace Serving.Runtime.Audio;

/// <summary>
/// The weights of a low-pass filter (a sinc under Kaiser's window) at as many places between two samples as a change of rate comes to,
/// or close to them (J. O. Smith, "Digital Audio Resampling Home Page").
/// </summary>
internal sealed class ResamplingKernel
{
    /// <summary>Zeros of the sinc on each side. With the window's shape: 80 dB down where the lower rate's band ends, flat to 0.84 of it.</summary>
    private const int Zeros = 32;
    private const double Shape = 8;
    private const double Cutoff = 0.92;

    /// <summary>Places more than these are interpolated between, which costs less than 100 dB.</summary>
    private const int MostPhases = 1024;

    private readonly float[] _weights;
    private readonly int _phases;

    /// <param name="from">Samples each second before.</param>
    /// <param name="to">Samples each second after. Both without a common divisor.</param>
    public ResamplingKernel(int from, int to)
    {
        var band = Cutoff * Math.Min(1, (double)to / from);
        Reach = (int)Math.Ceiling(Zeros / band);
        _phases = Math.Min(to, MostPhases);
        _weights = new float[(_phases + 1) * Taps];
        for (var phase = 0; phase <= _phases; phase++)
        {
            Fill(_weights.AsSpan(phase * Taps, Taps), (double)phase / _phases, band);
        }
    }

    /// <summary>How many samples before and after a place count.</summary>
    public int Reach { get; }

    public int Taps => 2 * Reach;

    /// <summary>The sum of samples around a place, each with its weight.</summary>
    /// <param name="samples">The samples from <see cref="Reach"/> - 1 before the one that the place is in.</param>
    /// <param name="place">How far it is from that to the next one, below 1.</param>
    public float Sum(ReadOnlySpan<float> samples, double place)
    {
        var phase = place * _phases;
        var below = (int)phase;
        var share = (float)(phase - below);
        var first = TensorPrimitives.Dot(samples, _weights.AsSpan(below * Taps, Taps));
        return share < 1e-6f ? first : first + (share * (TensorPrimitives.Dot(samples, _weights.AsSpan((below + 1) * Taps, Taps)) - first));
    }

    private void Fill(Span<float> weights, double place, double band)
    {
        for (var i = 0; i < weights.Length; i++)
        {
            var distance = i - (Reach - 1) - place;
            var x = Math.PI * distance * band;
            var sinc = Math.Abs(x) < 1e-9 ? 1 : Math.Sin(x) / x;
            weights[i] = (float)(sinc * Window(distance / Reach));
        }

        // Silence stays silence and a constant itself, at every place alike.
        TensorPrimitives.Divide(weights, TensorPrimitives.Sum<float>(weights), weights);
    }

    private static double Window(double place) => Math.Abs(place) >= 1 ? 0 : Bessel(Shape * Math.Sqrt(1 - (place * place))) / Bessel(Shape);

    /// <summary>The modified Bessel function of the first kind, order 0, by its series.</summary>
    private static double Bessel(double x)
    {
        var sum = 1.0;
        var term = 1.0;
        for (var k = 1; term > sum * 1e-12; k++)
        {
            term *= x / (2 * k) * (x / (2 * k));
            sum += term;
        }

        return sum;
    }
}
