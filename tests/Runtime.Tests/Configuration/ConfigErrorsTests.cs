using Serving.Runtime.Configuration;

namespace Serving.Runtime.Tests.Configuration;

public sealed class ConfigErrorsTests
{
    /// <summary>Found by tests/Fuzz: a megabyte of unknown fields made a message of a hundred megabytes.</summary>
    [Fact]
    public void ThrowIfAny_ThousandsOfErrors_SaysTheFirstHundredAndHowManyMore()
    {
        var text = string.Concat(Enumerable.Range(0, 5000).Select(i => $"a{i}: 1\n"));

        var error = Assert.Throws<ConfigException>(() => ModelYamlReader.Read(text, "f"));

        Assert.Equal(101, error.Errors.Count);
        Assert.StartsWith("'a0' (line 1, column 1): unknown key", error.Errors[0], StringComparison.Ordinal);
        Assert.Equal("line 5000, column 1: the last of 4900 more errors", error.Errors[^1]);
    }
}
