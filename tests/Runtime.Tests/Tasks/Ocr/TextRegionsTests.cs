using Serving.Runtime.Images;
using Serving.Runtime.Tasks.Ocr;

namespace Serving.Runtime.Tests.Tasks.Ocr;

public sealed class TextRegionsTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(12)]
    [InlineData(-30)]
    [InlineData(90)]
    public void Find_BarAtAnyAngle_IsGrownAroundIt(double degrees)
    {
        const int side = 200;
        var bar = new TurnedRectangle(100, 90, Math.Cos(degrees * Math.PI / 180), Math.Sin(degrees * Math.PI / 180), 50, 10);
        var map = Enumerable.Range(0, side * side).Select(i => bar.Contains(i % side, i / side) ? 0.9f : 0.1f).ToArray();

        var line = Assert.Single(TextRegions.Find(map, side, side, 0.6));

        // Twice the half sides, and what an area of 2000 and a circumference of 240 grow them by.
        var grown = 2 * 2000 * 1.5 / 240;
        Assert.InRange(Math.Max(line.Width, line.Height), 100 + grown - 4, 100 + grown + 4);
        Assert.InRange(Math.Min(line.Width, line.Height), 20 + grown - 4, 20 + grown + 4);
        Assert.InRange(line.Centre.X, 98, 102);
        Assert.InRange(line.Centre.Y, 88, 92);
    }

    [Fact]
    public void Find_FaintSmallAndUnlikely_IsNothing()
    {
        var map = new float[60 * 60];
        map.AsSpan(60 * 10, 40).Fill(0.9f);
        map[(60 * 30) + 5] = 1;
        for (var y = 40; y < 50; y++)
        {
            map.AsSpan((60 * y) + 10, 30).Fill(0.5f);
        }

        Assert.Empty(TextRegions.Find(map, 60, 60, 0.6));
        Assert.Single(TextRegions.Find(map, 60, 60, 0.4));
        Assert.Empty(TextRegions.Find([.. Enumerable.Repeat(float.NaN, 100)], 10, 10, 0));
    }

    [Fact]
    public void Hull_RandomPoints_HasThemAllInside()
    {
        var random = new Random(4);
        for (var i = 0; i < 200; i++)
        {
            var points = Enumerable.Range(0, random.Next(1, 40)).Select(_ => ((double)random.Next(20), (double)random.Next(20))).ToList();

            var around = TurnedRectangle.Around(points);

            var slack = around with { HalfLength = around.HalfLength + 1e-6, HalfWidth = around.HalfWidth + 1e-6 };
            Assert.All(points, point => Assert.True(slack.Contains(point.Item1, point.Item2)));
        }
    }

    [Fact]
    public void Cut_UprightPlace_IsThePart()
    {
        using var picture = new Raster(20, 10, 3);
        new Random(1).NextBytes(picture.Pixels);
        var place = new Quad((3, 2), (9, 2), (9, 7), (3, 7));

        using var crop = LineCrop.Cut(picture, place);
        using var turned = LineCrop.Cut(picture, place.UpsideDown);

        Assert.Equal((6, 5), (crop.Width, crop.Height));
        for (var y = 0; y < 5; y++)
        {
            Assert.Equal(picture.Row(y + 2)[9..27], crop.Row(y));
            for (var x = 0; x < 6; x++)
            {
                Assert.Equal(crop.Row(y).Slice(x * 3, 3), turned.Row(4 - y).Slice((5 - x) * 3, 3));
            }
        }
    }

    [Fact]
    public void Decode_Steps_LeavesOutBlanksAndRepeats()
    {
        var texts = new CtcText(["a", "b"]);
        int[] best = [0, 1, 1, 0, 1, 2, 3, 3, 2];
        var steps = best.SelectMany(place => Enumerable.Range(0, 4).Select(i => i == place ? 0.5f : 0.1f)).ToArray();

        var (text, score) = texts.Decode(steps, texts.Classes);

        Assert.Equal("aab b", text);
        Assert.Equal(0.5f, score, 1e-6f);
    }

    [Fact]
    public void Sort_LinesOfATiltedPage_FollowsItsDirection()
    {
        TextLine Line(string text, double x, double y) => new(text, 1, new Quad((x, y), (x + 80, y + 20), (x + 76, y + 36), (x - 4, y + 16)));

        var sorted = ReadingOrder.Sort([Line("d", 190, 90), Line("b", 200, 50), Line("c", 90, 65), Line("a", 100, 25)]);

        Assert.Equal("a b c d", string.Join(' ', sorted.Select(line => line.Text)));
    }
}
