using Serving.Server.Rest.Http;

namespace Serving.Server.Tests.Rest.Http;

public sealed class ContentCodingsTests
{
    [Theory]
    [InlineData("", 0)]
    [InlineData("identity", 0)]
    [InlineData("br", 0)]
    [InlineData("gzip", 1)]
    [InlineData("GZIP;q=0.5", 1)]
    [InlineData("deflate", 2)]
    [InlineData("gzip, deflate, br", 1)]
    [InlineData("gzip;q=0.5, deflate;q=0.8", 2)]
    [InlineData("gzip;q=0, deflate;q=0", 0)]
    [InlineData("gzip;q=0, deflate", 2)]
    [InlineData(";;;", 0)]
    public void Choose_IsWhatTheClientWeighsHighest(string header, int expected) => Assert.Equal((ContentCoding)expected, ContentCodings.Choose(header));

    [Theory]
    [InlineData("", true, 0)]
    [InlineData("identity", true, 0)]
    [InlineData("GZip", true, 1)]
    [InlineData("x-gzip", true, 1)]
    [InlineData(" deflate ", true, 2)]
    [InlineData("br", false, 0)]
    [InlineData("gzip, gzip", false, 0)]
    public void TryParse_KnowsGzipAndDeflate(string header, bool known, int expected)
    {
        Assert.Equal(known, ContentCodings.TryParse(header, out var coding));
        Assert.Equal((ContentCoding)expected, coding);
    }
}
