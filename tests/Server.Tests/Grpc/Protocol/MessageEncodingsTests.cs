using Microsoft.AspNetCore.Http;
using Serving.Server.Grpc.Protocol;

namespace Serving.Server.Tests.Grpc.Protocol;

public class MessageEncodingsTests
{
    [Theory]
    [InlineData(MessageEncoding.Gzip, "identity,deflate,gzip", MessageEncoding.Gzip)]
    [InlineData(MessageEncoding.Gzip, "identity, gzip", MessageEncoding.Gzip)]
    [InlineData(MessageEncoding.Deflate, "deflate", MessageEncoding.Deflate)]
    [InlineData(MessageEncoding.Gzip, "deflate", MessageEncoding.Identity)]
    [InlineData(MessageEncoding.Gzip, null, MessageEncoding.Identity)]
    [InlineData(MessageEncoding.Identity, "gzip", MessageEncoding.Identity)]
    internal void ForResponse_RequestsEncoding_IsMirroredWhereAccepted(MessageEncoding request, string? accepted, MessageEncoding expected)
    {
        Assert.Equal(expected, MessageEncodings.ForResponse(request, new HeaderDictionary { ["grpc-accept-encoding"] = accepted }));
    }

    [Fact]
    public void TryParse_AcceptedNames_AreKnownAndOthersNot()
    {
        foreach (var name in MessageEncodings.Accepted.Split(','))
        {
            Assert.True(MessageEncodings.TryParse(name, out var encoding));
            Assert.Equal(name, encoding.Name());
        }

        Assert.True(MessageEncodings.TryParse(null, out _));
        Assert.False(MessageEncodings.TryParse("br", out _));
    }
}
