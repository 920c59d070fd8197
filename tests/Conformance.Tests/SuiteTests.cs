using System.Text.RegularExpressions;
using Serving.Conformance.Cases;

namespace Serving.Conformance.Tests;

/// <summary>The rules that the cases themselves keep.</summary>
public sealed partial class SuiteTests
{
    private static readonly string[] Extensions =
    [
        "classification", "sequence", "model_repository", "schedule_policy", "model_configuration", "system_shared_memory",
        "cuda_shared_memory", "binary_tensor_data", "parameters", "statistics", "trace", "logging", "local_memory",
    ];

    private static readonly string[] Sections =
        ["2.1", "2.2", "2.3", "2.4", "2.5", "TensorFlow Serving REST API", "gRPC health checking and server reflection"];

    [Fact]
    public void Names_OfAllCases_AreUniqueAndPlain()
    {
        Assert.Equal(Suite.All.Count, Suite.All.Select(one => one.Name).Distinct().Count());
        Assert.All(Suite.All, one => Assert.Matches(Name(), one.Name));
    }

    [Fact]
    public void Rules_OfAllCases_AreSentencesOfOneLine() => Assert.All(Suite.All, one => Assert.Matches(Sentence(), one.Rule));

    [Fact]
    public void Sections_OfAllCases_AreThoseOfTheContract() => Assert.All(Suite.All, one => Assert.Contains(one.Section, Sections));

    [Fact]
    public void Needs_OfAllCases_AreKnown() =>
        Assert.All(Suite.All.SelectMany(one => one.Needs).Distinct(), need => Assert.True(Extensions.Contains(need) || Suite.Offers.ContainsKey(need), need));

    [Fact]
    public void Cases_All_HaveSteps() => Assert.All(Suite.All, one => Assert.NotEmpty(one.Steps));

    [Fact]
    public void Pending_AllNames_AreCasesOnce()
    {
        Assert.Equal(Pending.Names.Distinct(), Pending.Names);
        Assert.Empty(Pending.Names.Except(Suite.All.Select(one => one.Name)));
    }

    [GeneratedRegex(@"^[a-z0-9-]+\.[A-Za-z0-9_-]+$")]
    private static partial Regex Name();

    [GeneratedRegex(@"^[A-Za-z{].{10,180}\.$")]
    private static partial Regex Sentence();
}
