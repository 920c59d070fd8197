using System.Diagnostics;
using Serving.Deployment.Tests.Tools;

namespace Serving.Deployment.Tests.Scripts;

public sealed class TestCommandTests : IDisposable
{
    // Writes one result file for each word of RESULTS, "total/executed/passed".
    private const string Dotnet = """
        #!/usr/bin/env bash
        [[ $1 != msbuild ]] || exit "${BUILD_CODE:-0}"
        results=$PWD/artifacts/test-results
        mkdir -p "$results"
        n=0
        for result in $RESULTS; do
          IFS=/ read -r total executed passed <<<"$result"
          echo "<TestRun><ResultSummary><Counters total=\"$total\" executed=\"$executed\" passed=\"$passed\" failed=\"$((executed - passed))\" error=\"0\" notExecuted=\"0\" /></ResultSummary></TestRun>" > "$results/results_$((n++)).trx"
        done
        exit "${TEST_CODE:-0}"
        """;

    private readonly ScratchFolder _folder = new();

    public TestCommandTests()
    {
        _folder.CopyFromCheckout("test");
        _folder.WriteScript("bin/dotnet", Dotnet);
    }

    [Theory]
    [InlineData("10/10/10 5/5/5", 0, "15 passed, 0 failed", 0)]
    [InlineData("10/10/9 5/5/5", 1, "14 passed, 1 failed", 1)]
    [InlineData("10/8/8 5/5/5", 0, "13 passed, 0 failed, 2 skipped", 0)]
    [InlineData("10/10/10", 1, "10 passed, 1 failed", 1)]
    [InlineData("", 0, "0 passed, 0 failed", 1)]
    [InlineData("3/0/0", 0, "0 passed, 0 failed, 3 skipped", 1)]
    public async Task Test_Results_AreSummedInTheLastLine(string results, int testCode, string lastLine, int exitCode)
    {
        var result = await RunAsync(("RESULTS", results), ("TEST_CODE", $"{testCode}"));

        Assert.Equal(lastLine, result.Output.TrimEnd().Split('\n')[^1]);
        Assert.Equal(exitCode, result.ExitCode);
    }

    [Fact]
    public async Task Test_BuildFails_FailsWithAClosingLine()
    {
        var result = await RunAsync(("BUILD_CODE", "1"), ("RESULTS", "1/1/1"));

        Assert.Equal("0 passed, 1 failed", result.Output.TrimEnd().Split('\n')[^1]);
        Assert.Equal(1, result.ExitCode);
    }

    [Fact]
    public async Task Test_OldResults_AreNotCounted()
    {
        _folder.Write("artifacts/test-results/old.trx", "<Counters total=\"100\" executed=\"100\" passed=\"100\" />");

        var result = await RunAsync(("RESULTS", "2/2/2"));

        Assert.Equal("2 passed, 0 failed", result.Succeeded().TrimEnd().Split('\n')[^1]);
    }

    public void Dispose() => _folder.Dispose();

    private Task<ToolResult> RunAsync(params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(_folder.At("test"));
        start.Environment["PATH"] = $"{_folder.At("bin")}:{start.Environment["PATH"]}";
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return Tool.RunAsync(start);
    }
}
