using Serving.Runtime.Batching.Planning;
using Serving.Runtime.Tests.Batching.Planning;

namespace Serving.Runtime.Tests.Batching.Simulation;

public sealed class SimulatorTests
{
    private static readonly PlanLimits Limits = new(256, 16384);

    public static TheoryData<string> Mixes => [.. LengthMix.All.Select(m => m.Name)];

    [Theory]
    [MemberData(nameof(Mixes))]
    public void Replay_LengthMix_WastesLessAndAnswersSoonerThanFirstComeFirstServed(string name)
    {
        var mix = LengthMix.All.Single(m => m.Name == name);
        var cost = new LineCost(0.0001, 1.1e-6);
        var trace = Traffic.Random(0.9 / (1.1e-6 * Mean(mix)), 20_000, mix);
        var planned = new Simulator(new PlannerPolicy(cost, Limits), cost.Predict, lanes: 1).Replay(trace);
        var fifo = new Simulator(new FifoPolicy(Limits), cost.Predict, lanes: 1).Replay(trace);
        Assert.True(planned.PaddingWaste <= 0.1, $"{planned.PaddingWaste:0.000}");
        Assert.True(planned.PaddingWaste < fifo.PaddingWaste / 3, $"{planned.PaddingWaste:0.000} against {fifo.PaddingWaste:0.000}");
        Assert.True(planned.Percentile(0.99) < fifo.Percentile(0.99));
    }

    [Theory]
    [InlineData(0.5, 1)]
    [InlineData(1.5, 8)]
    public void Replay_WithDeadlines_AnswersOrRefusesEachOnce(double load, double burstiness)
    {
        var cost = new LineCost(0.001, 1e-6);
        var mix = LengthMix.Uniform;
        var trace = Traffic.Random(load / (1e-6 * Mean(mix)), 20_000, mix, burstiness, patience: 0.05);
        var result = new Simulator(new PlannerPolicy(cost, Limits), cost.Predict, lanes: 2).Replay(trace);
        Assert.Equal(trace.Length, result.Answered + result.Refused);
        Assert.Equal(result.Answered, result.Latencies.Length);
        Assert.True(result.Utilisation <= 1 + 1e-9);
    }

    [Fact]
    public void Random_Traffic_HasTheRateAndTheBurstinessAskedFor()
    {
        foreach (var burstiness in (double[])[1, 8])
        {
            var trace = Traffic.Random(100, 200_000, LengthMix.Uniform, burstiness);
            double[] gaps = [.. trace.Zip(trace.Skip(1), (a, b) => b.At - a.At)];
            var mean = gaps.Average();
            var squared = gaps.Average(g => (g - mean) * (g - mean)) / (mean * mean);
            Assert.InRange(mean, 0.0097, 0.0103);
            Assert.InRange(squared / burstiness, 0.9, 1.1);
        }
    }

    private static double Mean(LengthMix mix)
    {
        var random = new Random(9);
        return Enumerable.Range(0, 10_000).Average(_ => (double)mix.Draw(random));
    }
}
