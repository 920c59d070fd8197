using Serving.Benchmarks.Reporting;

namespace Serving.Benchmarks.Tests.Reporting;

public sealed class ResultTableTests
{
    private static readonly MeasureDefinition First = new("P1", "some ratio", "", "0.7", "at least 0.9");
    private static readonly MeasureDefinition Second = new("P2", "some time | other", "us", "", "at most 15");

    private static readonly MeasureResult[] Results =
    [
        new(First, Spread.Of(0.95125, 0.9, 1.2), new Part("served", "1/s", Spread.Of(12_345.6))),
        MeasureResult.Without(Second, "wrk is not installed"),
    ];

    [Fact]
    public void Text_MeasuredAndNot_HasAlignedColumns()
    {
        var lines = ResultTable.Text(Results).Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(4, lines.Length);
        Assert.StartsWith("P1  some ratio", lines[1]);
        Assert.Equal(lines[0].IndexOf("This run", StringComparison.Ordinal), lines[1].IndexOf("0.951", StringComparison.Ordinal));
        Assert.Equal(lines[0].IndexOf("Spread", StringComparison.Ordinal), lines[1].IndexOf("0.900 to 1.20", StringComparison.Ordinal));
        Assert.Contains("  served", lines[2]);
        Assert.Contains("12,346 1/s", lines[2]);
        Assert.Contains("not measured: wrk is not installed", lines[3]);
    }

    [Fact]
    public void Markdown_MeasuredAndNot_IsATableOfMeasuresAndOneOfParts()
    {
        var lines = ResultTable.Markdown(Results).Split(Environment.NewLine);

        Assert.Equal("| P1 | some ratio | 0.951 | 0.900 to 1.20 | 0.7 | at least 0.9 |", lines[2]);
        Assert.Equal(@"| P2 | some time \| other | not measured: wrk is not installed |  |  | at most 15 |", lines[3]);
        Assert.Contains("| P1 | served | 12,346 1/s | 12,346 to 12,346 |", lines);
    }

    [Theory]
    [InlineData(123_456.7, "123,457")]
    [InlineData(12.34, "12.3")]
    [InlineData(1.234, "1.23")]
    [InlineData(0.1234, "0.123")]
    [InlineData(0.00012, "1.2e-4")]
    [InlineData(0, "0.00")]
    [InlineData(-0.5, "-0.500")]
    public void Text_Numbers_HaveThreeDigitsThatSaySomething(double value, string expected) =>
        Assert.Contains($"  {expected}  ", ResultTable.Text([new(First, Spread.Of(value))]));
}
