using System.Numerics.Tensors;

namespace Serving.Runtime.Audio.Features;

/// <summary>The samples themselves, as Hugging Face's <c>Wav2Vec2FeatureExtractor</c> gives them.</summary>
/// <param name="rate">Samples each second.</param>
/// <param name="normalizes">Whether they get a mean of 0 and a variance of 1.</param>
/// <param name="least">Shorter recordings are filled up with silence to so many samples, or the graph's convolutions would find nothing.</param>
/// <param name="most">As many as the graph takes, no more and no fewer; null where it takes any number.</param>
internal sealed class RawFeatures(int rate, bool normalizes, int least, int? most) : ISoundFeatures
{
    public int Rate => rate;

    public int? MostSamples => most;

    public long[] ShapeOf(int samples) => [most ?? Math.Max(samples, least)];

    public float[] Extract(ReadOnlySpan<float> samples)
    {
        samples = samples[..Math.Min(samples.Length, most ?? int.MaxValue)];
        var features = new float[ShapeOf(samples.Length)[0]];
        var filled = features.AsSpan(0, samples.Length);
        samples.CopyTo(filled);
        if (normalizes && filled.Length > 0)
        {
            Normalize(filled);
        }

        return features;
    }

    private static void Normalize(Span<float> samples)
    {
        var (sum, squares) = (0.0, 0.0);
        foreach (var sample in samples)
        {
            sum += sample;
        }

        var mean = sum / samples.Length;
        foreach (var sample in samples)
        {
            squares += (sample - mean) * (sample - mean);
        }

        TensorPrimitives.Subtract(samples, (float)mean, samples);
        TensorPrimitives.Multiply(samples, (float)(1 / Math.Sqrt((squares / samples.Length) + 1e-7)), samples);
    }
}
