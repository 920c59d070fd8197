using Serving.Runtime.Images;
using Serving.Runtime.Images.Decoding;
using Serving.Runtime.Images.Encoding;

namespace Serving.Runtime.Tests.Images.Encoding;

public sealed class PngWriterTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(1, 1, 3)]
    [InlineData(17, 5, 1)]
    [InlineData(40, 33, 3)]
    public void Write_Noise_IsReadBack(int width, int height, int channels)
    {
        var samples = new byte[width * height * channels];
        new Random(width).NextBytes(samples);

        AssertReadBack(samples, width, height, channels);
    }

    [Fact]
    public void Write_RowsOfEveryKind_AreReadBackAndSmall()
    {
        // Rows that repeat, rows that rise evenly, and both extremes beside one another.
        var samples = new byte[300 * 200];
        for (var i = 0; i < samples.Length; i++)
        {
            samples[i] = (i / 300 % 3) switch { 0 => (byte)(i % 300 / 4), 1 => (byte)(i % 2 * 255), _ => samples[i - 300] };
        }

        AssertReadBack(samples, 300, 200, 1);
        Assert.True(PngWriter.Write(samples, 300, 200, 1).Length < 6_000);
    }

    [Fact]
    public void Write_WrongLength_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => PngWriter.Write(new byte[5], 2, 3, 1));

    [Fact]
    public void Checksum_OfTheStandardsExample_IsItsValue() => Assert.Equal(0xCBF43926, PngChecksum.Of("123456789"u8));

    private static void AssertReadBack(byte[] samples, int width, int height, int channels)
    {
        Assert.True(ImageDecoder.Decode(PngWriter.Write(samples, width, height, channels), ImageLimits.Default).TryGetValue(out var raster, out var failure), failure?.Message);
        using (raster)
        {
            Assert.Equal((width, height), (raster.Width, raster.Height));
            var expected = channels == 3 ? samples : samples.SelectMany(sample => Enumerable.Repeat(sample, 3)).ToArray();
            Assert.Equal(expected, raster.Pixels);
        }
    }
}
