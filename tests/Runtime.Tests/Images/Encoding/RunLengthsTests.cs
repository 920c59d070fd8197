using Serving.Runtime.Images.Encoding;

namespace Serving.Runtime.Tests.Images.Encoding;

public sealed class RunLengthsTests
{
    [Fact]
    public void Count_Mask_GoesDownColumns()
    {
        ushort[] map =
        [
            7, 1, 1,
            7, 7, 1,
        ];

        var runs = RunLengths.Count<ushort>(map, 3, 2, 7);

        Assert.Equal([0, 2, 1, 1, 2], runs);
        Assert.Equal("{\"size\":[2,3],\"counts\":[0,2,1,1,2]}", RunLengths.ToJson(runs, 3, 2));
    }

    [Fact]
    public void Count_RandomMaps_AreDrawnBack()
    {
        var random = new Random(1);
        for (var i = 0; i < 200; i++)
        {
            var (width, height) = (random.Next(1, 20), random.Next(1, 20));
            var map = Enumerable.Range(0, width * height).Select(_ => (byte)random.Next(3)).ToArray();

            var inside = RunLengths.Count<byte>(map, width, height, 1).SelectMany((length, run) => Enumerable.Repeat(run % 2 == 1, length)).ToArray();

            Assert.Equal(width * height, inside.Length);
            Assert.All(Enumerable.Range(0, inside.Length), at => Assert.Equal(map[(at % height * width) + (at / height)] == 1, inside[at]));
        }
    }
}
