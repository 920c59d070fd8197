using Serving.Runtime.Simulation;

namespace Serving.Runtime.Tests.Simulation;

/// <summary>P8, P9 and P10: the same on every machine, because no clock is read.</summary>
public sealed class SimulationMeasuresTests
{
    public static TheoryData<string> Mixes => [.. LengthMix.All.Select(m => m.Name)];

    [Theory]
    [MemberData(nameof(Mixes))]
    public void PaddingWaste_LengthMix_IsWithinItsBound(string mix) => Check(SimulationMeasures.PaddingWaste(Named(mix)));

    [Fact]
    public void Overload_Bursts_AnswersOnTimeAndKeepsItsPromises() => Assert.All(SimulationMeasures.Overload(), Check);

    [Theory]
    [MemberData(nameof(Mixes))]
    public void Tail_LengthMix_IsNearTheIdeal(string mix) => Assert.All(SimulationMeasures.Tail(Named(mix)), Check);

    [Fact]
    public void Overload_WithoutAdmission_WouldBreakItsPromises()
    {
        var costs = ExampleTables.Read(ExampleTables.Processor);
        var trace = Traffic.Random(400, 5_000, LengthMix.Uniform, burstiness: 8, deadline: 0.1);
        Assert.True(Replay.Fifo(trace, costs, new SimulationSettings { Workers = 2 }).BrokenPromises > 0.5);
    }

    private static LengthMix Named(string name) => LengthMix.All.Single(m => m.Name == name);

    private static void Check(MeasuredValue value) => Assert.True(value.IsReached, $"{value.Name}: {value.Value}, bound {value.Bound}; {value.Detail}");
}
