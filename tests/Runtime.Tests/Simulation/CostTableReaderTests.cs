using System.Text;
using Serving.Runtime.Simulation;

namespace Serving.Runtime.Tests.Simulation;

public sealed class CostTableReaderTests
{
    [Fact]
    public void Read_WhatAServerAnswers_PredictsItsPoints()
    {
        var table = Read("""{"model":"m","version":"3","provider":"cpu","runs":9,"spread":1.2,"points":[{"rows":1,"length":16,"seconds":0.001},{"rows":4,"length":16,"seconds":0.003}]}""");
        Assert.Equal("m 3 cpu", table.Name);
        Assert.Equal(1.2, table.Spread);
        Assert.Equal(0.001, table.Predict(1, 16), 9);
        Assert.Equal(0.003, table.Predict(4, 16), 9);
        Assert.InRange(table.Predict(2, 16), 0.001, 0.003);
    }

    [Fact]
    public void Read_PointBetweenTheGrids_IsMetToo() =>
        Assert.Equal(0.005, Read("""{"points":[{"rows":3,"length":77,"seconds":0.005}]}""").Predict(3, 77), 4);

    [Theory]
    [InlineData(ExampleTables.Accelerator, 0.0001, 1.1e-6)]
    [InlineData(ExampleTables.Processor, 0.00038, 92.4e-6)]
    public void Read_Example_IsTheLineThatItSays(string name, double start, double token)
    {
        var table = ExampleTables.Read(name);
        foreach (var (rows, length) in ((int, int)[])[(1, 4), (1, 30), (3, 100), (16, 256)])
        {
            Assert.Equal(1, table.Predict(rows, length) / (start + (token * rows * length)), 0.02);
        }
    }

    [Theory]
    [InlineData("[]", "an array 'points'")]
    [InlineData("nothing", "no JSON")]
    [InlineData("""{"points":[]}""", "has not run yet")]
    [InlineData("""{"points":[{"rows":1,"length":1}]}""", "points[0] has no 'seconds'")]
    [InlineData("""{"points":[{"rows":0,"length":1,"seconds":1}]}""", "points[0].rows must be a whole number from 1")]
    [InlineData("""{"points":[{"rows":1,"length":1,"seconds":-1}]}""", "points[0].seconds must be above 0")]
    [InlineData("""{"points":[{"rows":1,"length":1,"seconds":1}],"spread":0}""", "'spread' must be from 1")]
    [InlineData("""{"points":[{"rows":1,"length":1,"seconds":1,"samples":3}]}""", "points[0].samples must be an array")]
    public void Read_Wrong_SaysWhere(string json, string expected) =>
        Assert.Contains(expected, Assert.Throws<InvalidDataException>(() => Read(json)).Message, StringComparison.Ordinal);

    private static CostTable Read(string json) => CostTableReader.Read(Encoding.UTF8.GetBytes(json));
}
