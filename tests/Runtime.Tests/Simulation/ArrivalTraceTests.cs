using System.Text;
using Serving.Runtime.Simulation;

namespace Serving.Runtime.Tests.Simulation;

public sealed class ArrivalTraceTests
{
    [Fact]
    public void Read_Written_IsTheSame()
    {
        Arrival[] trace =
        [
            new(0, 1, 64),
            new(0.5, 3, 1, 0.25) { Priority = 1, Tenant = "a b=c%#é" },
        ];
        var text = new StringBuilder("# comment\n\n");
        foreach (var arrival in trace)
        {
            ArrivalTrace.AppendLine(text, arrival, "my model/1");
        }

        Assert.Equal(trace, ArrivalTrace.Read(new StringReader(text.ToString())));
        Assert.Equal(trace, ArrivalTrace.Read(new StringReader(text.ToString()), "My Model"));
    }

    [Fact]
    public void Read_OutOfOrder_IsSortedAndBeginsAtZero()
    {
        var trace = ArrivalTrace.Read(new StringReader("7.5 1 3\n7 1 2\n"));
        Assert.Equal([new Arrival(0, 1, 2), new Arrival(0.5, 1, 3)], trace);
    }

    [Theory]
    [InlineData("", "no arrivals")]
    [InlineData("1 1", "line 1: '1 1'; expected seconds, rows and length")]
    [InlineData("# fine\nx 1 1", "line 2: the time 'x'; expected a number from 0")]
    [InlineData("1 0 1", "line 1: the rows '0'; expected a whole number")]
    [InlineData("1 1 1 dead=3", "line 1: 'dead=3'; expected deadline=")]
    [InlineData("1 1 1 model=a\n1 1 1 model=b", "several models; there are those of 'a', 'b'")]
    [InlineData("NaN 1 1", "line 1: the time 'NaN'")]
    public void Read_Wrong_SaysWhichLine(string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<InvalidDataException>(() => ArrivalTrace.Read(new StringReader(text))).Message, StringComparison.Ordinal);
}
