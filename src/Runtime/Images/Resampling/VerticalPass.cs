using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Serving.Runtime.Images.Resampling;

/// <summary>Makes each row of the output as a weighted sum of rows. All samples of a row have the same weights, so rows are summed in vectors.</summary>
internal static class VerticalPass
{
    public static void Run(Raster from, Raster to, ResampleWeights weights)
    {
        for (var y = 0; y < to.Height; y++)
        {
            var taps = weights.Of(y);
            SumRows(from.Pixels.Slice(weights.First(y) * from.Stride, taps.Length * from.Stride), taps, to.Row(y));
        }
    }

    /// <summary>The weighted sum of rows, which lie behind one another in <paramref name="rows"/>.</summary>
    internal static void SumRows(ReadOnlySpan<byte> rows, ReadOnlySpan<int> weights, Span<byte> sum)
    {
        var x = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            for (; x <= sum.Length - Vector256<byte>.Count; x += Vector256<byte>.Count)
            {
                Sum32(rows, sum.Length, x, weights).StoreUnsafe(ref sum[x]);
            }
        }

        if (Vector128.IsHardwareAccelerated)
        {
            for (; x <= sum.Length - Vector128<byte>.Count; x += Vector128<byte>.Count)
            {
                Sum16(rows, sum.Length, x, weights).StoreUnsafe(ref sum[x]);
            }
        }

        for (; x < sum.Length; x++)
        {
            var total = ResampleWeights.Half;
            for (var i = 0; i < weights.Length; i++)
            {
                total += rows[(i * sum.Length) + x] * weights[i];
            }

            sum[x] = (byte)Math.Clamp(total >> ResampleWeights.FractionBits, 0, 255);
        }
    }

    private static Vector256<byte> Sum32(ReadOnlySpan<byte> rows, int stride, int x, ReadOnlySpan<int> weights)
    {
        var (a, b, c, d) = (Vector256.Create(ResampleWeights.Half), Vector256.Create(ResampleWeights.Half), Vector256.Create(ResampleWeights.Half), Vector256.Create(ResampleWeights.Half));
        ref var sample = ref MemoryMarshal.GetReference(rows);
        var at = (nuint)x;
        foreach (var weight in weights)
        {
            var (low, high) = Vector256.Widen(Vector256.LoadUnsafe(ref sample, at));
            var (first, second) = Vector256.Widen(low);
            var (third, fourth) = Vector256.Widen(high);
            var factor = Vector256.Create(weight);
            a += first.AsInt32() * factor;
            b += second.AsInt32() * factor;
            c += third.AsInt32() * factor;
            d += fourth.AsInt32() * factor;
            at += (nuint)stride;
        }

        return Vector256.Narrow(Vector256.Narrow(Clip(a), Clip(b)), Vector256.Narrow(Clip(c), Clip(d)));
    }

    private static Vector128<byte> Sum16(ReadOnlySpan<byte> rows, int stride, int x, ReadOnlySpan<int> weights)
    {
        var (a, b, c, d) = (Vector128.Create(ResampleWeights.Half), Vector128.Create(ResampleWeights.Half), Vector128.Create(ResampleWeights.Half), Vector128.Create(ResampleWeights.Half));
        ref var sample = ref MemoryMarshal.GetReference(rows);
        var at = (nuint)x;
        foreach (var weight in weights)
        {
            var (low, high) = Vector128.Widen(Vector128.LoadUnsafe(ref sample, at));
            var (first, second) = Vector128.Widen(low);
            var (third, fourth) = Vector128.Widen(high);
            var factor = Vector128.Create(weight);
            a += first.AsInt32() * factor;
            b += second.AsInt32() * factor;
            c += third.AsInt32() * factor;
            d += fourth.AsInt32() * factor;
            at += (nuint)stride;
        }

        return Vector128.Narrow(Vector128.Narrow(Clip(a), Clip(b)), Vector128.Narrow(Clip(c), Clip(d)));
    }

    private static Vector256<uint> Clip(Vector256<int> sum) =>
        Vector256.Min(Vector256.Max(sum >> ResampleWeights.FractionBits, Vector256<int>.Zero), Vector256.Create(255)).AsUInt32();

    private static Vector128<uint> Clip(Vector128<int> sum) =>
        Vector128.Min(Vector128.Max(sum >> ResampleWeights.FractionBits, Vector128<int>.Zero), Vector128.Create(255)).AsUInt32();
}
