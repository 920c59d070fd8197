using Serving.Server.Observability;

namespace Serving.Server.Tests.Observability;

public sealed class BucketsTests
{
    [Fact]
    public void Seconds_Bounds_DoubleFromFiftyMicrosecondsToAMinute()
    {
        Assert.Equal(22, Buckets.Seconds.Length);
        Assert.Equal(50e-6, Buckets.Seconds[0]);
        Assert.Equal(60, Buckets.Seconds[^1]);
        for (var i = 1; i < Buckets.Seconds.Length - 1; i++)
        {
            Assert.Equal(2, Buckets.Seconds[i] / Buckets.Seconds[i - 1], 3);
        }
    }

    [Fact]
    public void Rows_Bounds_ArePowersOfTwo() => Assert.Equal([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024], Buckets.Rows);
}
