using Serving.Fuzz.Engine;
using Serving.Fuzz.Targets;

namespace Serving.Fuzz.Tests;

public sealed class MutationTests
{
    /// <summary>Another seed would find other things; this one finds the same every time.</summary>
    private const int Seed = 20261122;

    public static TheoryData<string> Targets => [.. AllTargets.List.Select(target => target.Name)];

    [Theory]
    [MemberData(nameof(Targets))]
    public void Try_DamagedInputs_KeepsItsPromises(string name)
    {
        var target = AllTargets.Find(name);

        var report = new FuzzRun(target, Corpus.Of(target), Seed).Run(target.Rounds);

        // Both happen often, or the damage would be too strong or too weak to test anything.
        Assert.InRange(report.Accepted, target.Rounds / 100, target.Rounds);
        Assert.InRange(report.Refused, target.Rounds / 10, target.Rounds);
    }
}
