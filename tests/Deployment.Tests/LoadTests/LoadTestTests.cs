using Serving.Deployment.Tests.Tools;

namespace Serving.Deployment.Tests.LoadTests;

public sealed class LoadTestTests
{
    [Fact]
    public async Task Scripts_Always_FitTheTypesOfK6()
    {
        var tools = await NpmFolder.InstalledAsync("tests", "tools");

        var result = await Tool.RunAsync("node", Path.Combine(tools, "node_modules", "typescript", "lib", "tsc.js"), "-p", Checkout.At("loadtests"));

        Assert.Equal("", result.Succeeded());
    }

    [Fact]
    public async Task Scripts_Run_DoWhatTheyShould()
    {
        var result = await Tool.RunAsync("node", "--test", Checkout.At("tests", "Deployment.Tests", "LoadTests", "loadtests.test.mjs"));

        Assert.Contains("# fail 0", result.Succeeded(), StringComparison.Ordinal);
    }
}
