namespace Serving.Benchmarks.Tests;

public sealed class BenchOptionsTests
{
    [Fact]
    public void TryParse_EveryOption_IsRead()
    {
        string[] arguments = ["--rounds", "7", "--only", "P1, p5", "--quick", "--million", "--json", "out.json", "--markdown"];

        Assert.True(BenchOptions.TryParse(arguments, out var options, out _));

        Assert.Equal(7, options.Rounds);
        Assert.Equal(["P1", "p5"], options.Only);
        Assert.True(options.Quick && options.Million && options.Markdown);
        Assert.Equal("out.json", options.Json);
    }

    [Theory]
    [InlineData("--rounds", "0", "'0'")]
    [InlineData("--rounds", "many", "'many'")]
    [InlineData("--fast", null, "'--fast'")]
    [InlineData("--json", null, "--json")]
    public void TryParse_WhatIsWrong_IsNamed(string name, string? value, string named)
    {
        Assert.False(BenchOptions.TryParse(value is null ? [name] : [name, value], out _, out var error));

        Assert.Contains(named, error);
    }
}
