using Serving.Runtime.Batching.Planning;

namespace Serving.Runtime.Tests.Batching.Planning;

public sealed class RunCostModelTests
{
    [Fact]
    public void Grid_EveryLengthAndRowCount_LiesBetweenItsPoints()
    {
        for (var length = 1; length < 200_000; length += 1 + (length / 50))
        {
            var (point, part) = CostGrid.OfLength(length);
            var (low, high) = (CostGrid.LengthAt(point), CostGrid.LengthAt(point + 1));
            Assert.InRange(length, low, high);
            Assert.Equal(length, low + (part * (high - low)), 1e-6);
        }

        for (var rows = 1; rows <= 2048; rows++)
        {
            var (point, part) = CostGrid.OfRows(rows);
            Assert.Equal(rows, CostGrid.RowsAt(point) * (1 + part), 1e-9);
        }
    }

    [Theory]
    [InlineData(0.0016, 1.1e-6, 0)]
    [InlineData(0.00003, 1.2e-5, 0)]
    [InlineData(0.0005, 1e-6, 2e-9)]
    public void Predict_AfterNoisyRuns_IsNearTheTruth(double start, double token, double squared)
    {
        var model = new RunCostModel();
        var random = new Random(1);
        for (var i = 0; i < 20_000; i++)
        {
            var (rows, length) = (1 << random.Next(7), random.Next(4, 300));
            model.Observe(rows, length, Truth(rows, length) * (0.9 + (0.2 * random.NextDouble())));
        }

        for (var i = 0; i < 500; i++)
        {
            var (rows, length) = (random.Next(1, 65), random.Next(8, 280));
            Assert.InRange(model.Predict(rows, length) / Truth(rows, length), 0.88, 1.12);
        }

        Assert.InRange(model.Spread, 1.03, 1.2);

        double Truth(int rows, int length) => start + (token * rows * length) + (squared * rows * length * length);
    }

    [Fact]
    public void Predict_FewSeeds_ReachesBeyondThem()
    {
        var model = new RunCostModel();
        foreach (var (rows, length) in ((int, int)[])[(1, 16), (2, 16), (4, 16), (1, 128), (2, 128)])
        {
            model.Seed(rows, length, 0.001 + (1e-5 * rows * length));
        }

        Assert.InRange(model.Predict(16, 128) / (0.001 + (1e-5 * 16 * 128)), 0.7, 1.4);
        Assert.InRange(model.Predict(1, 512) / (0.001 + (1e-5 * 512)), 0.7, 1.4);
        Assert.InRange(model.Predict(8, 64) / (0.001 + (1e-5 * 8 * 64)), 0.6, 1.6);
    }

    [Fact]
    public void Predict_MachineBecomesSlower_Follows()
    {
        var model = new RunCostModel();
        Repeat(model, 0.001);
        Repeat(model, 0.003);
        Assert.InRange(model.Predict(4, 32), 0.0025, 0.0035);
    }

    [Fact]
    public void Observe_OneRun_IsKnownThere()
    {
        var model = new RunCostModel();
        model.Observe(3, 20, 0.005);
        Assert.InRange(model.Predict(3, 20), 0.0025, 0.01);
        Assert.NotEmpty(model.Points);
    }

    [Fact]
    public void Observe_DisturbedFirstRun_CountsForLittle()
    {
        var model = new RunCostModel();
        foreach (var (rows, length) in ((int, int)[])[(1, 16), (2, 16), (1, 128), (2, 128)])
        {
            model.Seed(rows, length, 0.001 + (1e-5 * rows * length));
        }

        var expected = model.Predict(4, 64);
        model.Observe(4, 64, expected * 3);
        Assert.InRange(model.Predict(4, 64) / expected, 1.2, 2);
        for (var i = 0; i < 6; i++)
        {
            model.Observe(4, 64, expected * 3);
        }

        Assert.InRange(model.Predict(4, 64) / expected, 2, 3);
    }

    private static void Repeat(RunCostModel model, double seconds)
    {
        for (var i = 0; i < 200; i++)
        {
            model.Observe(4, 32, seconds);
        }
    }
}
