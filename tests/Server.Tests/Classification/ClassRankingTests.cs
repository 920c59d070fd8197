using Serving.Server.Classification;

namespace Serving.Server.Tests.Classification;

public sealed class ClassRankingTests
{
    [Fact]
    public void Best_RandomValues_AreThoseOfANaiveSort()
    {
        var random = new Random(7);
        for (var round = 0; round < 500; round++)
        {
            // Few different values, so that there are ties.
            var values = Enumerable.Range(0, random.Next(0, 60)).Select(_ => (float)random.Next(-5, 5) / 2).ToArray();
            var count = random.Next(0, values.Length + 1);
            var expected = Enumerable.Range(0, values.Length).OrderByDescending(i => values[i]).ThenBy(i => i).Take(count);
            Assert.Equal(expected, ClassRanking.Best<float>(values, count));
        }
    }

    [Fact]
    public void Best_SpecialValues_NotANumberIsLast() =>
        Assert.Equal([3, 1, 2, 4, 0], ClassRanking.Best<double>([double.NaN, 0, 0, double.PositiveInfinity, double.NegativeInfinity], 5));
}
