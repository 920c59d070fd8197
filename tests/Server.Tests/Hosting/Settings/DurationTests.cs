using Serving.Server.Hosting.Settings;

namespace Serving.Server.Tests.Hosting.Settings;

public sealed class DurationTests
{
    [Theory]
    [InlineData("500ms", 500)]
    [InlineData("2s", 2000)]
    [InlineData("2 s", 2000)]
    [InlineData("1.5S", 1500)]
    [InlineData("3m", 180_000)]
    [InlineData("1h", 3_600_000)]
    [InlineData("1d", 86_400_000)]
    [InlineData("00:00:02", 2000)]
    [InlineData("00:00:00.05", 50)]
    [InlineData("0", 0)]
    [InlineData("0s", 0)]
    public void TryParse_Duration_IsRead(string text, double milliseconds)
    {
        Assert.True(Duration.TryParse(text, out var value));
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("30")]
    [InlineData("s")]
    [InlineData("-2s")]
    [InlineData("1,5s")]
    [InlineData("2 weeks")]
    [InlineData("99999999999999999999h")]
    [InlineData("NaNs")]
    [InlineData("2:3:4:5:6")]
    public void TryParse_Other_IsRefused(string text) => Assert.False(Duration.TryParse(text, out _));

    [Theory]
    [InlineData(0, "0s")]
    [InlineData(0.05, "50us")]
    [InlineData(500, "500ms")]
    [InlineData(60_000, "1m")]
    [InlineData(90_000, "90s")]
    public void Format_Duration_TakesTheLargestWholeUnit(double milliseconds, string text) =>
        Assert.Equal(text, Duration.Format(TimeSpan.FromMilliseconds(milliseconds)));

    [Fact]
    public void Format_AnyDuration_IsReadBack()
    {
        var random = new Random(7);
        for (var i = 0; i < 1000; i++)
        {
            var value = TimeSpan.FromTicks(random.NextInt64(TimeSpan.TicksPerDay * 3));
            Assert.True(Duration.TryParse(Duration.Format(value), out var read));
            Assert.Equal(value, read);
        }
    }
}
