using System.Numerics;

namespace Serving.Runtime.Audio.Features;

/// <summary>How strong each frequency is in frames of real numbers, two frames with one transform.</summary>
/// <param name="transform">Of the frames' length; its memory is one thread's.</param>
internal sealed class PowerSpectrum(FourierTransform transform)
{
    private readonly Complex[] _frames = new Complex[transform.Length];
    private readonly Complex[] _spectrum = new Complex[transform.Length];

    /// <summary>The frequencies: from none to half of the rate.</summary>
    public int Bins => (transform.Length / 2) + 1;

    /// <summary>Where the next two frames are written, one as the real, the other as the imaginary parts.</summary>
    public Span<Complex> Frames => _frames;

    /// <summary>The squares of the strengths in <see cref="Frames"/>.</summary>
    public void Measure(Span<double> first, Span<double> second)
    {
        transform.Transform(_frames, _spectrum);
        var length = _spectrum.Length;
        for (var k = 0; k < Bins; k++)
        {
            // Spectra of real signals mirror themselves, which tells the two apart.
            var here = _spectrum[k];
            var there = Complex.Conjugate(_spectrum[(length - k) % length]);
            first[k] = Square(here + there) / 4;
            second[k] = Square(here - there) / 4;
        }
    }

    private static double Square(Complex value) => (value.Real * value.Real) + (value.Imaginary * value.Imaginary);
}
