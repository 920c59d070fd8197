using Serving.Deployment.Tests.Tools;

namespace Serving.Deployment.Tests.Scripts;

public sealed class ShellCheckTests
{
    [FactIfInstalled("shellcheck")]
    public async Task Scripts_Always_HaveNoFindings()
    {
        string[] scripts = ["serve", "test", "bench", ".ci/run", "examples/speech-activity/infer.sh"];

        var result = await Tool.RunAsync("shellcheck", [.. scripts.Select(script => Checkout.At(script))]);

        Assert.Equal("", result.Succeeded());
    }
}
