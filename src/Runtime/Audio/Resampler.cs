using System.Collections.Concurrent;
using System.Numerics;

namespace Serving.Runtime.Audio;

/// <summary>Changes the rate of recordings.</summary>
internal static class Resampler
{
    /// <summary>Recordings come at few rates; what others bring is forgotten. Arbitrary.</summary>
    private const int MostKernels = 16;

    private static readonly ConcurrentDictionary<(int From, int To), ResamplingKernel> Kernels = new();

    /// <summary>The samples at another rate, the first at the same time.</summary>
    public static ReadOnlyMemory<float> Resample(Sound sound, int rate)
    {
        if (sound.Rate == rate || sound.Samples.Length == 0)
        {
            return sound.Samples;
        }

        var divisor = (int)BigInteger.GreatestCommonDivisor(sound.Rate, rate);
        var (from, to) = (sound.Rate / divisor, rate / divisor);
        return Resample(sound.Samples.Span, from, to, KernelOf(from, to));
    }

    private static float[] Resample(ReadOnlySpan<float> samples, int from, int to, ResamplingKernel kernel)
    {
        var resampled = new float[(((long)samples.Length * to) + from - 1) / from];
        Span<float> edge = new float[kernel.Taps];
        for (var i = 0; i < resampled.Length; i++)
        {
            var (whole, part) = Math.DivRem((long)i * from, to);
            var start = (int)whole - kernel.Reach + 1;
            ReadOnlySpan<float> around;
            if (start >= 0 && start + kernel.Taps <= samples.Length)
            {
                around = samples.Slice(start, kernel.Taps);
            }
            else
            {
                Cut(samples, start, edge);
                around = edge;
            }

            resampled[i] = kernel.Sum(around, (double)part / to);
        }

        return resampled;
    }

    /// <summary>Samples from a place that may lie outside; there is silence there.</summary>
    private static void Cut(ReadOnlySpan<float> samples, int start, Span<float> to)
    {
        to.Clear();
        var first = Math.Max(0, start);
        var last = Math.Min(samples.Length, start + to.Length);
        if (first < last)
        {
            samples[first..last].CopyTo(to[(first - start)..]);
        }
    }

    private static ResamplingKernel KernelOf(int from, int to)
    {
        if (Kernels.TryGetValue((from, to), out var known))
        {
            return known;
        }

        if (Kernels.Count >= MostKernels)
        {
            Kernels.Clear();
        }

        return Kernels[(from, to)] = new ResamplingKernel(from, to);
    }
}
