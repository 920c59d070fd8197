using Serving.Runtime.Images.Tiling;

namespace Serving.Runtime.Tests.Images.Tiling;

public sealed class TilingTests
{
    [Theory]
    [InlineData(100, 80, 64, 16)]
    [InlineData(64, 64, 64, 8)]
    [InlineData(65, 64, 64, 8)]
    [InlineData(10, 300, 32, 0)]
    [InlineData(1000, 999, 100, 49)]
    public void Cut_AnySize_CoversWithTheOverlap(int width, int height, int side, int overlap)
    {
        var tiles = TileGrid.Cut(width, height, side, overlap);

        var covered = new bool[width * height];
        foreach (var tile in tiles)
        {
            Assert.True(tile.Left >= 0 && tile.Top >= 0 && tile.Left + tile.Width <= width && tile.Top + tile.Height <= height);
            Assert.Equal((Math.Min(side, width), Math.Min(side, height)), (tile.Width, tile.Height));
            for (var y = tile.Top; y < tile.Top + tile.Height; y++)
            {
                covered.AsSpan((y * width) + tile.Left, tile.Width).Fill(true);
            }
        }

        Assert.DoesNotContain(false, covered);
        var lefts = tiles.Select(tile => tile.Left).Distinct().Order().ToList();
        Assert.All(lefts.Zip(lefts.Skip(1)), pair => Assert.InRange(pair.First + side - pair.Second, overlap, side));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Blend_TilesOfOneWhole_IsTheWhole(int factor)
    {
        const int width = 50, height = 37, channels = 3;
        var random = new Random(2);
        var whole = Enumerable.Range(0, channels * width * factor * height * factor).Select(_ => random.NextSingle()).ToArray();
        var blend = new TileBlend(channels, width * factor, height * factor);

        foreach (var tile in TileGrid.Cut(width, height, 16, 5))
        {
            // What a graph makes of a tile has a border that is not used.
            var (rowLength, rows) = ((tile.Width * factor) + 3, (tile.Height * factor) + 2);
            var values = new float[channels * rows * rowLength];
            Array.Fill(values, float.NaN);
            for (var c = 0; c < channels; c++)
            {
                for (var y = 0; y < tile.Height * factor; y++)
                {
                    var from = (((c * height * factor) + (tile.Top * factor) + y) * width * factor) + (tile.Left * factor);
                    whole.AsSpan(from, tile.Width * factor).CopyTo(values.AsSpan(((c * rows) + y) * rowLength));
                }
            }

            blend.Add(new Tile(tile.Left * factor, tile.Top * factor, tile.Width * factor, tile.Height * factor), values, rowLength, rows);
        }

        Assert.All(whole.Zip(blend.Finish()), one => Assert.Equal(one.First, one.Second, 1e-5f));
    }

    [Fact]
    public void Cut_OverlapOfHalfATile_Throws() => Assert.Throws<ArgumentOutOfRangeException>(() => TileGrid.Cut(100, 100, 32, 16));
}
