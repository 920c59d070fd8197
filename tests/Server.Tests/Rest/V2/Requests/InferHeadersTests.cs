using Microsoft.AspNetCore.Http;
using Serving.Server.Rest.V2.Requests;

namespace Serving.Server.Tests.Rest.V2.Requests;

public sealed class InferHeadersTests
{
    [Fact]
    public void Read_NoHeaders_IsAllDefaults()
    {
        Assert.True(InferHeaders.Read(new HeaderDictionary()).TryGetValue(out var headers, out _));
        Assert.Equal(default, headers);
    }

    [Fact]
    public void Read_NamesInAnyCase_AreFound()
    {
        var given = new HeaderDictionary
        {
            ["inference-header-CONTENT-length"] = "12", ["x-request-timeout-ms"] = "250", ["X-PRIORITY"] = "2",
        };
        Assert.True(InferHeaders.Read(given).TryGetValue(out var headers, out _));
        Assert.Equal(new InferHeaders(12, TimeSpan.FromMilliseconds(250), 2), headers);
    }

    [Fact]
    public void Read_TimeoutZero_IsNone()
    {
        Assert.True(InferHeaders.Read(new HeaderDictionary { ["X-Request-Timeout-Ms"] = "0" }).TryGetValue(out var headers, out _));
        Assert.Null(headers.Timeout);
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("2147483648")]
    [InlineData("1.5")]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("1,2")]
    public void Read_ValueThatIsNoInt32_IsRefusedByName(string value)
    {
        foreach (var name in (string[])["Inference-Header-Content-Length", "X-Request-Timeout-Ms", "X-Priority"])
        {
            Assert.False(InferHeaders.Read(new HeaderDictionary { [name] = value }).TryGetValue(out _, out var failure));
            Assert.Contains($"header {name} is '{value}'", failure.Message);
        }
    }
}
