namespace Serving.Soak.Tests;

/// <summary>The soak, so short that every test run can have it.</summary>
public sealed class SoakTests
{
    [Fact]
    public async Task Server_EveryKindOfLoadAtOnce_AnswersEachRequestOnceAndKeepsNothing()
    {
        var report = await SoakRun.RunAsync(new SoakPlan(TimeSpan.FromSeconds(16), Seed: 4, Clients: 8), _ => { }).WaitAsync(TimeSpan.FromMinutes(8));
        Assert.True(report.Problems.Count == 0, string.Join(Environment.NewLine, report.Lines()));
    }
}
