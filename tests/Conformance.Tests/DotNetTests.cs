using Serving.Conformance.Cases;

namespace Serving.Conformance.Tests;

/// <summary>Every case against this server, with .NET's HTTP client and the suite's own gRPC.</summary>
public sealed class DotNetTests(DotNetRun run) : IClassFixture<DotNetRun>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static TheoryData<string> Cases => [.. Suite.All.Select(one => one.Name)];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Case_ThisServer_KeepsTheRule(string name)
    {
        var result = await run.Runner.RunAsync(Suite.All.Single(one => one.Name == name)).WaitAsync(Patience);

        Pending.Check(name, result.Verdict == Verdict.Ok, $"{result.Verdict}: {result.Why}");
    }
}
