using System.Globalization;
using System.Text;
using Serving.Runtime.Batching.Planning;

namespace Serving.MicroBenchmarks;

/// <summary>What is compared does the same work.</summary>
public class MicroBenchmarkTests
{
    [Theory]
    [InlineData(NumberKind.Normal)]
    [InlineData(NumberKind.DoubleDigits)]
    [InlineData(NumberKind.Pixels)]
    public void JsonReading_BothWays_EndWithTheLastNumber(NumberKind kind)
    {
        var reading = new JsonReading { Kind = kind };
        reading.SetUp();

        Assert.Equal(Numbers.Of(kind)[^1], reading.SystemTextJson());
        Assert.Equal(Numbers.Of(kind)[^1], reading.Server());
    }

    [Theory]
    [InlineData(NumberKind.Normal)]
    [InlineData(NumberKind.DoubleDigits)]
    [InlineData(NumberKind.Pixels)]
    public void JsonWriting_BothWays_WriteTheSameNumbers(NumberKind kind)
    {
        var writing = new JsonWriting { Kind = kind };
        writing.SetUp();

        Assert.True(writing.SystemTextJson() > 0);
        Assert.Equal(Numbers.Of(kind), Parse(writing.Written));
        Assert.Equal(Numbers.Of(kind), Parse(writing.WriteOwn()));
        Assert.Equal(writing.WriteOwn().Length, writing.Server());
    }

    [Theory]
    [InlineData(64)]
    [InlineData(3136)]
    [InlineData(602_112)]
    public void MessageScanning_EveryWay_FindsTheTensor(int bytes)
    {
        var scanning = new MessageScanning { Bytes = bytes };
        scanning.SetUp();

        Assert.Equal(bytes, scanning.Generated());
        Assert.Equal(bytes, scanning.GeneratedInPieces());
        Assert.Equal(bytes, scanning.Server());
        Assert.Equal(bytes, scanning.ServerInPieces());
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(32, false)]
    [InlineData(BatchPlanner.Window, false)]
    [InlineData(1, true)]
    [InlineData(BatchPlanner.Window, true)]
    public void Planning_Next_TakesWhatFits(int waiting, bool mixed)
    {
        var planning = new Planning { Waiting = waiting, Mixed = mixed };
        planning.SetUp();

        Assert.InRange(planning.Next(), 1, Math.Min(waiting, 128));
        Assert.True(planning.Predict() > 0);
    }

    private static IEnumerable<float> Parse(ReadOnlySpan<byte> numbers) =>
        [.. Encoding.UTF8.GetString(numbers).Split(',').Select(number => float.Parse(number, CultureInfo.InvariantCulture))];
}
