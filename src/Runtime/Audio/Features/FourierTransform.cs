using System.Numerics;

namespace Serving.Runtime.Audio.Features;

/// <summary>
/// The discrete Fourier transform of any length (Cooley and Tukey's, with the length's prime factors). Quick where those are small, as
/// in 400 and 512; as slow as the definition where the length is prime.
/// </summary>
internal sealed class FourierTransform
{
    private readonly Complex[] _roots;
    private readonly int[] _factors;

    public FourierTransform(int length)
    {
        Length = length;
        _roots = [.. Enumerable.Range(0, length).Select(i => Complex.FromPolarCoordinates(1, -2 * Math.PI * i / length))];
        _factors = Factors(length);
    }

    public int Length { get; }

    /// <summary>Transforms one signal into another memory.</summary>
    /// <param name="signal">As many numbers as <see cref="Length"/>.</param>
    /// <param name="spectrum">Takes as many.</param>
    public void Transform(ReadOnlySpan<Complex> signal, Span<Complex> spectrum) => Transform(signal, 1, spectrum, 0);

    private void Transform(ReadOnlySpan<Complex> signal, int stride, Span<Complex> spectrum, int level)
    {
        if (spectrum.Length == 1)
        {
            spectrum[0] = signal[0];
            return;
        }

        // Every p-th number is a transform of its own, p times shorter.
        var p = _factors[level];
        var length = spectrum.Length / p;
        for (var i = 0; i < p; i++)
        {
            Transform(signal[(i * stride)..], stride * p, spectrum.Slice(i * length, length), level + 1);
        }

        if (p == 2)
        {
            JoinTwo(spectrum, stride);
        }
        else
        {
            Join(spectrum, p, stride);
        }
    }

    private void JoinTwo(Span<Complex> spectrum, int stride)
    {
        var half = spectrum.Length / 2;
        for (var k = 0; k < half; k++)
        {
            var odd = spectrum[half + k] * _roots[k * stride];
            spectrum[half + k] = spectrum[k] - odd;
            spectrum[k] += odd;
        }
    }

    private void Join(Span<Complex> spectrum, int p, int stride)
    {
        var length = spectrum.Length / p;
        var parts = p <= 16 ? stackalloc Complex[16] : new Complex[p];
        for (var k = 0; k < length; k++)
        {
            for (var i = 0; i < p; i++)
            {
                parts[i] = spectrum[(i * length) + k] * _roots[i * k * stride];
            }

            for (var j = 0; j < p; j++)
            {
                var sum = parts[0];
                for (var i = 1; i < p; i++)
                {
                    sum += parts[i] * _roots[i * j % p * length * stride];
                }

                spectrum[(j * length) + k] = sum;
            }
        }
    }

    private static int[] Factors(int length)
    {
        var factors = new List<int>();
        for (var p = 2; length > 1; p++)
        {
            for (; length % p == 0; length /= p)
            {
                factors.Add(p);
            }
        }

        return [.. factors];
    }
}
