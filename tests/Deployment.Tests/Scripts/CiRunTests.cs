using System.Diagnostics;
using Serving.Deployment.Tests.Tools;

namespace Serving.Deployment.Tests.Scripts;

public sealed class CiRunTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public CiRunTests()
    {
        _folder.CopyFromCheckout(".ci/run");
        _folder.WriteScript("test", "#!/usr/bin/env bash\necho \"CI=$CI\"\necho '3 passed, 0 failed'\nexit \"${TEST_CODE:-0}\"\n");
        _folder.WriteScript("bin/apt-get", "#!/usr/bin/env bash\necho \"$*\" >> \"$APT_LOG\"\nexit \"${APT_CODE:-0}\"\n");
        _folder.WriteScript("bin/id", "#!/usr/bin/env bash\necho 0\n");
    }

    [Fact]
    public async Task Run_EverythingInstalled_AsksForNothing()
    {
        _folder.WriteScript("bin/dpkg-query", "#!/usr/bin/env bash\necho -n installed\n");

        var result = await RunAsync();

        Assert.Equal("CI=true\n3 passed, 0 failed\n", result.Succeeded());
        Assert.False(_folder.Has("apt.log"));
    }

    [Fact]
    public async Task Run_PackageMissing_UpdatesOnceAndInstalls()
    {
        _folder.WriteScript("bin/dpkg-query", "#!/usr/bin/env bash\n[[ ${!#} == python3-grpcio ]] || echo -n installed\n");

        var result = await RunAsync();

        Assert.EndsWith("\n3 passed, 0 failed\n", result.Succeeded(), StringComparison.Ordinal);
        Assert.Collection(
            File.ReadAllLines(_folder.At("apt.log")),
            line => Assert.EndsWith(" update", line, StringComparison.Ordinal),
            line => Assert.EndsWith(" install -y --no-install-recommends python3-grpcio", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_InstallFails_StillRunsTheTests()
    {
        _folder.WriteScript("bin/dpkg-query", "#!/usr/bin/env bash\nexit 1\n");

        var result = await RunAsync(("APT_CODE", "100"));

        Assert.EndsWith("\n3 passed, 0 failed\n", result.Succeeded(), StringComparison.Ordinal);
        Assert.Contains("could not be installed", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_TestsFail_Fails()
    {
        _folder.WriteScript("bin/dpkg-query", "#!/usr/bin/env bash\necho -n installed\n");

        var result = await RunAsync(("TEST_CODE", "1"));

        Assert.Equal(1, result.ExitCode);
    }

    public void Dispose() => _folder.Dispose();

    private Task<ToolResult> RunAsync(params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("bash", [_folder.At(".ci/run")]);
        start.Environment["PATH"] = $"{_folder.At("bin")}:{start.Environment["PATH"]}";
        start.Environment["APT_LOG"] = _folder.At("apt.log");
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return Tool.RunAsync(start);
    }
}
