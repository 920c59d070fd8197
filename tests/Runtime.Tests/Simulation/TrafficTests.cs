using Serving.Runtime.Simulation;

namespace Serving.Runtime.Tests.Simulation;

public sealed class TrafficTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    public void Random_Traffic_HasTheRateAndTheBurstinessAskedFor(double burstiness)
    {
        var trace = Traffic.Random(100, 200_000, LengthMix.Uniform, burstiness);
        double[] gaps = [.. trace.Zip(trace.Skip(1), (a, b) => b.At - a.At)];
        var mean = gaps.Average();
        var squared = gaps.Average(g => (g - mean) * (g - mean)) / (mean * mean);
        Assert.InRange(mean, 0.0097, 0.0103);
        Assert.InRange(squared / burstiness, 0.9, 1.1);
    }

    [Fact]
    public void Scale_Twice_HalvesTheTimesOnly()
    {
        Arrival[] trace = [new(0, 1, 5, 2), new(3, 2, 7)];
        Assert.Equal([new Arrival(0, 1, 5, 2), new Arrival(1.5, 2, 7)], Traffic.Scale(trace, 2));
    }

    [Theory]
    [InlineData("uniform:5-9", 5, 9)]
    [InlineData("lognormal:24,0.8,4-256", 4, 256)]
    [InlineData("bimodal", 8, 256)]
    [InlineData("64", 64, 64)]
    public void TryParse_Lengths_DrawsWithinTheirBounds(string text, int least, int most)
    {
        Assert.True(LengthMix.TryParse(text, out var mix));
        var lengths = Traffic.Random(1, 20_000, mix).Select(a => a.Length).ToList();
        Assert.Equal(least, lengths.Min());
        Assert.Equal(most, lengths.Max());
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("uniform:9-5")]
    [InlineData("uniform:0-5")]
    [InlineData("lognormal:24,0.8")]
    [InlineData("lognormal:24,-1,4-256")]
    [InlineData("normal:3")]
    public void TryParse_Nonsense_IsRefused(string text) => Assert.False(LengthMix.TryParse(text, out _));
}
