using Serving.Benchmarks.Loads;

namespace Serving.Benchmarks.Tests.Loads;

public sealed class LatenciesTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.5, 50)]
    [InlineData(0.501, 51)]
    [InlineData(0.99, 99)]
    [InlineData(1, 100)]
    public void Percentile_OneToHundred_IsTheNearestRank(double share, double expected)
    {
        var latencies = new Latencies();
        for (var value = 100; value >= 1; value--)
        {
            latencies.Add(value);
        }

        Assert.Equal(expected, latencies.Percentile(share));
    }

    [Fact]
    public void Percentile_AfterAnotherValue_CountsIt()
    {
        var latencies = new Latencies();
        latencies.Add(2);
        Assert.Equal(2, latencies.Percentile(1));

        latencies.Add(3);

        Assert.Equal(3, latencies.Percentile(1));
    }

    [Fact]
    public void Percentile_OfNothing_IsRefused() => Assert.Throws<InvalidOperationException>(() => new Latencies().Percentile(0.5));
}
