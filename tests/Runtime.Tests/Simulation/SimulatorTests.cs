using Serving.Runtime.Models;
using Serving.Runtime.Simulation;

namespace Serving.Runtime.Tests.Simulation;

public sealed class SimulatorTests
{
    private static readonly SimulationSettings Settings = new() { MaxBatchRows = 256, MaxBatchTokens = 16_384 };

    public static TheoryData<string> Mixes => [.. LengthMix.All.Select(m => m.Name)];

    [Theory]
    [MemberData(nameof(Mixes))]
    public void Live_LengthMix_WastesLessAndAnswersSoonerThanFirstComeFirstServed(string name)
    {
        var mix = LengthMix.All.Single(m => m.Name == name);
        var costs = ExampleTables.Read(ExampleTables.Accelerator);
        var trace = Traffic.Random(0.9 / (1.1e-6 * Mean(mix)), 20_000, mix);
        var planned = Replay.Live(trace, costs, Settings with { MaxQueueRows = int.MaxValue });
        var fifo = Replay.Fifo(trace, costs, Settings);
        Assert.True(planned.PaddingWaste <= 0.1, $"{planned.PaddingWaste:0.000}");
        Assert.True(planned.PaddingWaste < fifo.PaddingWaste / 3, $"{planned.PaddingWaste:0.000} against {fifo.PaddingWaste:0.000}");
        Assert.True(planned.Percentile(0.99) < fifo.Percentile(0.99));
    }

    [Theory]
    [InlineData(0.5, 1)]
    [InlineData(1.5, 8)]
    public void Live_WithDeadlines_AnswersOrRefusesEachOnce(double load, double burstiness)
    {
        var costs = new CostTable("line", [new CostPoint(1, 64, 0.001 + 64e-6), new CostPoint(64, 64, 0.001 + (64 * 64e-6))]);
        var trace = Traffic.Random(load / (1e-6 * Mean(LengthMix.Uniform)), 20_000, LengthMix.Uniform, burstiness, deadline: 0.05);
        var report = Replay.Live(trace, costs, Settings with { Workers = 2 });
        Assert.Equal(trace.Length, report.Answered + report.Refused.Values.Sum() + report.GivenUp.Values.Sum());
        Assert.Equal(report.Answered, report.OnTime + report.Late);
        Assert.True(report.Utilisation <= 1 + 1e-9);
    }

    [Fact]
    public void Fifo_OneWorker_RunsWhatHasComeWhenTheWorkerIsFree()
    {
        var costs = new CostTable("constant", [new CostPoint(1, 1, 1), new CostPoint(2, 1, 1), new CostPoint(4, 1, 1)]);
        Arrival[] trace = [new(0, 1, 1), new(0.25, 1, 1), new(0.5, 1, 1, Deadline: 1.25)];
        var report = Replay.Fifo(trace, costs, Settings);

        // The first runs alone from 0 to 1, the others together from 1 to 2.
        Assert.Equal([1, 1.5, 1.75], report.Latencies, (a, b) => Math.Abs(a - b) < 1e-9);
        Assert.Equal(2, report.Runs);
        Assert.Equal(1, report.Late);
        Assert.Equal(2, report.Duration, 9);
        Assert.Equal(1, report.Utilisation, 9);
    }

    [Fact]
    public void Live_SameSeed_SameReport()
    {
        var costs = ExampleTables.Read(ExampleTables.Processor);
        var trace = Traffic.Random(150, 2_000, LengthMix.LogNormal, burstiness: 4, deadline: 0.2);
        var first = Replay.Live(trace, costs, Settings);
        Assert.Equal(first.Latencies, Replay.Live(trace, costs, Settings).Latencies);
        Assert.NotEqual(first.Latencies, Replay.Live(trace, costs, Settings with { Seed = 2 }).Latencies);
    }

    [Fact]
    public void Live_MeasuredSamples_AreWhatRunsTake()
    {
        CostPoint[] points = [new(1, 1, 0.010)];
        CostPoint[] samples = [new(1, 1, 0.008), new(1, 1, 0.012)];
        var report = Replay.Live(Traffic.Random(1, 200, LengthMix.Uniform), new CostTable("two", [new(1, 128, 0.010), .. points], 1, samples), Settings with { MaxBatchRows = 1 });
        Assert.All(report.Latencies, latency => Assert.True(latency >= 0.0079));
        Assert.True(report.Percentile(0.2) < 0.9 * report.Percentile(0.8));
    }

    [Fact]
    public void Ideal_AnyTrace_IsNoWorseThanAnyOther()
    {
        var costs = ExampleTables.Read(ExampleTables.Accelerator).WithSpread(1);
        var trace = Traffic.Random(4_000, 4_000, LengthMix.Bimodal);
        var ideal = Replay.Ideal(trace, costs, Settings).Percentile(0.99);
        Assert.True(ideal <= Replay.Live(trace, costs, Settings).Percentile(0.99));
        Assert.True(ideal <= Replay.Fifo(trace, costs, Settings).Percentile(0.99));
    }

    private static double Mean(LengthMix mix) => Traffic.Random(1, 10_000, mix, seed: 9).Average(a => (double)a.Length);
}
