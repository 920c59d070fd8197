using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Serving.Runtime.Images.Resampling;

/// <summary>Makes each pixel of a row as a weighted sum of neighbours. A pixel's three samples are summed as one vector.</summary>
internal static class HorizontalPass
{
    /// <summary>Resamples every row.</summary>
    public static void Run(Raster from, Raster to, ResampleWeights weights)
    {
        for (var y = 0; y < to.Height; y++)
        {
            var row = from.Row(y);
            if (from.Channels == 3 && Vector128.IsHardwareAccelerated)
            {
                ResampleColours(row, weights, to.Row(y));
            }
            else
            {
                Resample(row, from.Channels, weights, to.Row(y));
            }
        }
    }

    /// <summary>One row of any number of channels, sample by sample.</summary>
    internal static void Resample(ReadOnlySpan<byte> row, int channels, ResampleWeights weights, Span<byte> to)
    {
        for (var x = 0; x < weights.Outputs; x++)
        {
            var taps = weights.Of(x);
            for (var channel = 0; channel < channels; channel++)
            {
                var total = ResampleWeights.Half;
                var at = (weights.First(x) * channels) + channel;
                foreach (var weight in taps)
                {
                    total += row[at] * weight;
                    at += channels;
                }

                to[(x * channels) + channel] = (byte)Math.Clamp(total >> ResampleWeights.FractionBits, 0, 255);
            }
        }
    }

    /// <summary>One row of three channels.</summary>
    internal static void ResampleColours(ReadOnlySpan<byte> row, ResampleWeights weights, Span<byte> to)
    {
        for (var x = 0; x < weights.Outputs; x++)
        {
            var taps = weights.Of(x);
            var at = weights.First(x) * 3;

            // Four bytes are read for three, which the row's last pixel does not have.
            var whole = Math.Min(taps.Length, (row.Length - at - 1) / 3);
            var sum = SumPixels(row[at..], taps[..whole]);
            if (whole < taps.Length)
            {
                var last = row[^3..];
                sum += Vector128.Create(last[0], last[1], last[2], 0) * taps[^1];
            }

            var clipped = Vector128.Min(Vector128.Max(sum >> ResampleWeights.FractionBits, Vector128<int>.Zero), Vector128.Create(255));
            to[x * 3] = (byte)clipped[0];
            to[(x * 3) + 1] = (byte)clipped[1];
            to[(x * 3) + 2] = (byte)clipped[2];
        }
    }

    private static Vector128<int> SumPixels(ReadOnlySpan<byte> pixels, ReadOnlySpan<int> weights)
    {
        // Two sums, so that one multiplication need not wait for the other.
        var even = Vector128.Create(ResampleWeights.Half);
        var odd = Vector128<int>.Zero;
        ref var sample = ref MemoryMarshal.GetReference(pixels);
        var i = 0;
        for (; i < weights.Length - 1; i += 2)
        {
            even += Pixel(ref sample, i) * weights[i];
            odd += Pixel(ref sample, i + 1) * weights[i + 1];
        }

        return i < weights.Length ? even + odd + (Pixel(ref sample, i) * weights[i]) : even + odd;
    }

    private static Vector128<int> Pixel(ref byte samples, int index)
    {
        var four = Vector128.CreateScalar(Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref samples, index * 3))).AsByte();
        return Vector128.WidenLower(Vector128.WidenLower(four)).AsInt32();
    }
}
