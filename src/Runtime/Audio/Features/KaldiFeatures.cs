using System.Numerics;

namespace Serving.Runtime.Audio.Features;

/// <summary>
/// Logarithms of Kaldi's filter bank, as Hugging Face's <c>ASTFeatureExtractor</c> takes them: frames of 25 ms every 10 ms, without
/// their mean, with the high frequencies raised, under Hann's window, always so many frames.
/// </summary>
internal sealed class KaldiFeatures : ISoundFeatures
{
    private const double Preemphasis = 0.97;
    private const double LowestFrequency = 20;
    private const double Floor = 1.192092955078125e-07;

    private readonly int _frames;
    private readonly int _length;
    private readonly int _step;
    private readonly double[] _window;
    private readonly FourierTransform _transform;
    private readonly MelBank _bank;
    private readonly (double Mean, double Deviation)? _normal;

    /// <param name="rate">Samples each second.</param>
    /// <param name="bins">Filters of the bank.</param>
    /// <param name="frames">How many frames there are; what is missing is zero, what is too much is cut.</param>
    /// <param name="normal">What is taken off, and what the rest is twice divided by; null where nothing is.</param>
    public KaldiFeatures(int rate, int bins, int frames, (double Mean, double Deviation)? normal)
    {
        Rate = rate;
        _frames = frames;
        _normal = normal;
        _length = rate * 25 / 1000;
        _step = rate * 10 / 1000;
        _window = [.. Enumerable.Range(0, _length).Select(i => 0.5 - (0.5 * Math.Cos(2 * Math.PI * i / (_length - 1))))];
        _transform = new FourierTransform((int)BitOperations.RoundUpToPowerOf2((uint)_length));
        _bank = new MelBank(bins, (_transform.Length / 2) + 1, rate, LowestFrequency, rate / 2, MelScale.Kaldi);
    }

    public int Rate { get; }

    public int? MostSamples => ((_frames - 1) * _step) + _length;

    public long[] ShapeOf(int samples) => [_frames, _bank.Count];

    public float[] Extract(ReadOnlySpan<float> samples)
    {
        var features = new float[_frames * _bank.Count];
        var found = samples.Length < _length ? 0 : Math.Min(_frames, ((samples.Length - _length) / _step) + 1);
        var spectrum = new PowerSpectrum(_transform);
        var (first, second) = (new double[spectrum.Bins], new double[spectrum.Bins]);
        for (var frame = 0; frame < found; frame += 2)
        {
            spectrum.Frames.Clear();
            Cut(samples.Slice(frame * _step, _length), spectrum.Frames, Complex.One);
            if (frame + 1 < found)
            {
                Cut(samples.Slice((frame + 1) * _step, _length), spectrum.Frames, Complex.ImaginaryOne);
            }

            spectrum.Measure(first, second);
            Write(first, features, frame);
            if (frame + 1 < found)
            {
                Write(second, features, frame + 1);
            }
        }

        Normalize(features);
        return features;
    }

    private void Cut(ReadOnlySpan<float> samples, Span<Complex> frame, Complex part)
    {
        var mean = 0.0;
        foreach (var sample in samples)
        {
            mean += sample;
        }

        mean /= samples.Length;
        for (var i = 0; i < samples.Length; i++)
        {
            var before = samples[Math.Max(0, i - 1)] - mean;
            frame[i] += part * ((samples[i] - mean - (Preemphasis * before)) * _window[i]);
        }
    }

    private void Write(double[] spectrum, float[] features, int frame)
    {
        Span<double> energies = new double[_bank.Count];
        _bank.Apply(spectrum, energies);
        for (var i = 0; i < energies.Length; i++)
        {
            features[(frame * energies.Length) + i] = (float)Math.Log(Math.Max(Floor, energies[i]));
        }
    }

    private void Normalize(float[] features)
    {
        if (_normal is var (mean, deviation))
        {
            for (var i = 0; i < features.Length; i++)
            {
                features[i] = (float)((features[i] - mean) / (deviation * 2));
            }
        }
    }
}
