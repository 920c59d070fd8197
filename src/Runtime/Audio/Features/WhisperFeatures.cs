using System.Numerics;

namespace Serving.Runtime.Audio.Features;

/// <summary>
/// Logarithms of mel energies as Hugging Face's <c>WhisperFeatureExtractor</c> takes them: the recording filled up with silence or cut
/// to one length, mirrored at its ends, frames under Hann's window, nothing more than 8 powers of ten below the strongest.
/// </summary>
internal sealed class WhisperFeatures : ISoundFeatures
{
    private const double Floor = 1e-10;
    private const double HighestFrequency = 8000;

    private readonly int _samples;
    private readonly int _step;
    private readonly double[] _window;
    private readonly FourierTransform _transform;
    private readonly MelBank _bank;

    /// <param name="rate">Samples each second.</param>
    /// <param name="bins">Filters of the bank.</param>
    /// <param name="length">Samples of a frame.</param>
    /// <param name="step">Samples from one frame to the next.</param>
    /// <param name="samples">Samples that every recording gets.</param>
    public WhisperFeatures(int rate, int bins, int length, int step, int samples)
    {
        Rate = rate;
        _samples = samples;
        _step = step;
        _window = [.. Enumerable.Range(0, length).Select(i => 0.5 - (0.5 * Math.Cos(2 * Math.PI * i / length)))];
        _transform = new FourierTransform(length);
        _bank = new MelBank(bins, (length / 2) + 1, rate, 0, HighestFrequency, MelScale.Slaney);
    }

    public int Rate { get; }

    public int? MostSamples => _samples;

    private int Frames => _samples / _step;

    public long[] ShapeOf(int samples) => [_bank.Count, Frames];

    public float[] Extract(ReadOnlySpan<float> samples)
    {
        samples = samples[..Math.Min(samples.Length, _samples)];
        var features = new float[_bank.Count * Frames];
        var spectrum = new PowerSpectrum(_transform);
        var (first, second) = (new double[spectrum.Bins], new double[spectrum.Bins]);
        for (var frame = 0; frame < Frames; frame += 2)
        {
            for (var i = 0; i < _window.Length; i++)
            {
                spectrum.Frames[i] = new Complex(At(samples, (frame * _step) + i), At(samples, ((frame + 1) * _step) + i)) * _window[i];
            }

            spectrum.Measure(first, second);
            Write(first, features, frame);
            if (frame + 1 < Frames)
            {
                Write(second, features, frame + 1);
            }
        }

        Compress(features);
        return features;
    }

    /// <summary>The sample at a place of the frames, the first of which is centred on the first sample.</summary>
    private double At(ReadOnlySpan<float> samples, int place)
    {
        place = Math.Abs(place - (_window.Length / 2));
        place = place < _samples ? place : (2 * (_samples - 1)) - place;
        return place >= 0 && place < samples.Length ? samples[place] : 0;
    }

    private void Write(double[] spectrum, float[] features, int frame)
    {
        Span<double> energies = new double[_bank.Count];
        _bank.Apply(spectrum, energies);
        for (var i = 0; i < energies.Length; i++)
        {
            features[(i * Frames) + frame] = (float)Math.Log10(Math.Max(Floor, energies[i]));
        }
    }

    private static void Compress(float[] features)
    {
        var least = features.Max() - 8;
        for (var i = 0; i < features.Length; i++)
        {
            features[i] = (Math.Max(features[i], least) + 4) / 4;
        }
    }
}
