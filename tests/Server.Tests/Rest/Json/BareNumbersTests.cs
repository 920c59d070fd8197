using System.Text;
using Serving.Server.Rest.Json;

namespace Serving.Server.Tests.Rest.Json;

public sealed class BareNumbersTests
{
    [Theory]
    [InlineData("[NaN, Infinity,-Infinity ,1]", "[\"NaN\", \"Infinity\",\"-Infinity\" ,1]")]
    [InlineData("NaN", "\"NaN\"")]
    [InlineData("-Infinity", "\"-Infinity\"")]
    [InlineData("[\"NaN\",\"a \\\" NaN\",NaN]", "[\"NaN\",\"a \\\" NaN\",\"NaN\"]")]
    [InlineData("[\"-Infinity\"]", "[\"-Infinity\"]")]
    [InlineData("{\"Nan\": \"NaN", "{\"Nan\": \"NaN")]
    [InlineData("[N,I,Inf,NaN]", "[N,I,Inf,\"NaN\"]")]
    public void Quote_Words_AreStringsAfterwards(string json, string expected)
    {
        using var quoted = BareNumbers.Quote(Encoding.UTF8.GetBytes(json));
        Assert.Equal(expected, Encoding.UTF8.GetString(quoted!.WrittenMemory.Span));
    }

    [Theory]
    [InlineData("[1,2]")]
    [InlineData("[\"Nan\",\"infinity\"]")]
    [InlineData("")]
    public void Quote_WithoutSuchWords_CopiesNothing(string json) => Assert.Null(BareNumbers.Quote(Encoding.UTF8.GetBytes(json)));
}
