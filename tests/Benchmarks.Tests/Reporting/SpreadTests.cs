using Serving.Benchmarks.Reporting;

namespace Serving.Benchmarks.Tests.Reporting;

public sealed class SpreadTests
{
    [Fact]
    public void Median_OddAndEvenCounts_IsTheMiddleOrItsMean()
    {
        var spread = Spread.Of(5, 1, 3);
        Assert.Equal((3, 1, 5), (spread.Median, spread.Least, spread.Most));

        spread.Add(4);

        Assert.Equal(3.5, spread.Median);
    }
}
