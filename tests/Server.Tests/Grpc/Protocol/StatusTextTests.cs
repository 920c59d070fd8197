using Serving.Server.Grpc.Protocol;

namespace Serving.Server.Tests.Grpc.Protocol;

public class StatusTextTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("model 'x' ~ [1,2]", "model 'x' ~ [1,2]")]
    [InlineData("100%", "100%25")]
    [InlineData("a\r\nb", "a%0D%0Ab")]
    [InlineData("größe", "gr%C3%B6%C3%9Fe")]
    [InlineData("模", "%E6%A8%A1")]
    [InlineData("🙂", "%F0%9F%99%82")]
    [InlineData("\u007f", "%7F")]
    public void Encode_Text_IsPrintableAscii(string text, string expected)
    {
        Assert.Equal(expected, StatusText.Encode(text));
        Assert.Equal(text, Uri.UnescapeDataString(expected));
    }

    [Fact]
    public void Encode_LoneSurrogate_BecomesReplacementCharacter()
    {
        Assert.Equal("%EF%BF%BD", StatusText.Encode("\ud800"));
    }

    [Theory]
    [InlineData("x")]
    [InlineData("模")]
    public void Encode_LongText_IsCutBetweenCharacters(string character)
    {
        var encoded = StatusText.Encode(string.Concat(Enumerable.Repeat(character, 5000)));

        Assert.InRange(encoded.Length, 4000, 4096);
        Assert.Equal("", Uri.UnescapeDataString(encoded).Replace(character, "", StringComparison.Ordinal));
    }
}
