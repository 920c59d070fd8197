using System.Globalization;
using Serving.Runtime.Images;
using Serving.Runtime.Images.Resampling;
using Serving.TestKit;
using Serving.TestKit.Source;

namespace Serving.Runtime.Tests.Images.Resampling;

public sealed class ResamplerTests
{
    /// <summary>Pictures and what Pillow 9.4 resizes them to, as References/make_resample.py wrote them.</summary>
    private static readonly IReadOnlyDictionary<string, NpyArray> Arrays =
        Npz.Read(Path.Combine(SourceTree.Root, "tests", "Runtime.Tests", "Images", "References", "resample.npz"));

    public static TheoryData<string> Cases => [.. Arrays.Keys.Where(key => key.Contains('|', StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Resize_EveryFilter_EqualsPillow(string name)
    {
        var parts = name.Split('|', 'x');
        var numbers = parts[1..].Select(part => int.Parse(part, CultureInfo.InvariantCulture)).ToList();
        using var from = Picture(Arrays[parts[0]]);

        using var to = Resampler.Resize(from, numbers[1], numbers[2], (ResampleFilter)numbers[0]);

        Assert.Equal((numbers[1], numbers[2], from.Channels), (to.Width, to.Height, to.Channels));
        Assert.Equal(Arrays[name].Data, to.Pixels);
    }

    [Fact]
    public void Resize_SameSize_IsACopy()
    {
        using var from = Picture(Arrays["colours"]);

        using var to = Resampler.Resize(from, from.Width, from.Height, ResampleFilter.Lanczos);

        Assert.NotSame(from, to);
        Assert.Equal(from.Pixels, to.Pixels);
    }

    [Fact]
    public void Resize_OneColour_StaysIt()
    {
        using var from = new Raster(50, 40, 3);
        from.Pixels.Fill(200);
        foreach (var filter in Enum.GetValues<ResampleFilter>())
        {
            foreach (var (width, height) in ((int, int)[])[(7, 9), (111, 90), (50, 3)])
            {
                using var to = Resampler.Resize(from, width, height, filter);

                Assert.Equal(-1, to.Pixels.IndexOfAnyExcept((byte)200));
            }
        }
    }

    [Fact]
    public void Passes_InVectors_EqualSampleBySample()
    {
        var random = new Random(3);
        for (var i = 0; i < 200; i++)
        {
            var filter = (ResampleFilter)random.Next(1, 6);
            var weights = new ResampleWeights(random.Next(1, 60), random.Next(1, 60), filter);
            var row = new byte[(weights.First(weights.Outputs - 1) + weights.Of(weights.Outputs - 1).Length) * 3];
            random.NextBytes(row);
            var (one, other) = (new byte[weights.Outputs * 3], new byte[weights.Outputs * 3]);

            HorizontalPass.Resample(row, 3, weights, one);
            HorizontalPass.ResampleColours(row, weights, other);

            Assert.Equal(one, other);
            var taps = weights.Of(weights.Outputs / 2);
            var rows = new byte[taps.Length * 101];
            random.NextBytes(rows);
            var sum = new byte[101];
            VerticalPass.SumRows(rows, taps, sum);
            Assert.Equal(SumColumns(rows, taps, 101), sum);
        }
    }

    private static byte[] SumColumns(byte[] rows, ReadOnlySpan<int> taps, int stride)
    {
        var sum = new byte[stride];
        for (var x = 0; x < stride; x++)
        {
            var total = 1L << 21;
            for (var i = 0; i < taps.Length; i++)
            {
                total += (long)taps[i] * rows[(i * stride) + x];
            }

            sum[x] = (byte)Math.Clamp(total >> 22, 0, 255);
        }

        return sum;
    }

    private static Raster Picture(NpyArray array)
    {
        var raster = new Raster((int)array.Shape[1], (int)array.Shape[0], array.Shape.Length == 3 ? 3 : 1);
        array.Data.CopyTo(raster.Pixels);
        return raster;
    }
}
