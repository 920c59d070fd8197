namespace Serving.Deployment.Tests.Scripts;

public sealed class ServeTests : IDisposable
{
    private readonly FakeCheckout _checkout = new();

    private string Server => $"dotnet {_checkout.Folder.At("artifacts/bin/Server/release/Serving.Server.dll")}";

    private string Models => _checkout.Folder.At("models");

    [Fact]
    public async Task Serve_FirstTime_BuildsFetchesAndStarts()
    {
        var result = await _checkout.ServeAsync("--http-port", "9000");

        Assert.Equal("telemetry off: 1\n", result.Succeeded());
        Assert.Contains("260 MB", result.Error, StringComparison.Ordinal);
        Assert.Collection(
            _checkout.Calls(),
            call => Assert.Equal("dotnet --list-sdks", call),
            call => Assert.StartsWith("dotnet msbuild src/Server -restore -p:Configuration=Release", call, StringComparison.Ordinal),
            call => Assert.StartsWith("npm ci --ignore-scripts", call, StringComparison.Ordinal),
            call => Assert.Equal($"{Server} --repository {Models} --http-port 9000", call));
    }

    [Fact]
    public async Task Serve_FirstTime_LaysOutTheDefaultModels()
    {
        (await _checkout.ServeAsync()).Succeeded();

        var files = Directory.EnumerateFiles(Models, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(Models, file)).Order(StringComparer.Ordinal);
        Assert.Equal(
            [
                "ocr/dictionary.txt",
                "ocr/model.yaml",
                "pp-ocrv4-detection/1/model.onnx",
                "pp-ocrv4-direction/1/model.onnx",
                "pp-ocrv4-recognition/1/model.onnx",
                "pp-ocrv4-recognition/labels.txt",
                "silero-vad/1/model.onnx",
            ],
            files);
        Assert.Empty(Directory.EnumerateDirectories(_checkout.Folder.At("artifacts"), "models-*"));
    }

    [Fact]
    public async Task Serve_NothingChanged_StartsAtOnce()
    {
        (await _checkout.ServeAsync()).Succeeded();
        _checkout.Calls();

        var second = await _checkout.ServeAsync();

        Assert.Equal("", second.Error);
        Assert.Equal([$"{Server} --repository {Models}"], _checkout.Calls());
    }

    [Theory]
    [InlineData("src/Server/Program.cs")]
    [InlineData("src/Runtime/New.cs")]
    [InlineData("eng/New.targets")]
    [InlineData("Directory.Build.props")]
    public async Task Serve_FileChanged_Builds(string file)
    {
        (await _checkout.ServeAsync()).Succeeded();
        _checkout.Calls();
        _checkout.Folder.Write(file, "changed");

        (await _checkout.ServeAsync()).Succeeded();

        Assert.Contains(_checkout.Calls(), call => call.StartsWith("dotnet msbuild", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Serve_FileDeleted_Builds()
    {
        _checkout.Folder.Write("src/Server/Old.cs", "");
        (await _checkout.ServeAsync()).Succeeded();
        _checkout.Calls();
        File.Delete(_checkout.Folder.At("src/Server/Old.cs"));

        (await _checkout.ServeAsync()).Succeeded();

        Assert.Contains(_checkout.Calls(), call => call.StartsWith("dotnet msbuild", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Serve_OtherFlavour_Builds()
    {
        (await _checkout.ServeAsync()).Succeeded();
        _checkout.Calls();

        (await _checkout.ServeAsync(new Dictionary<string, string> { ["OnnxRuntimeFlavor"] = "cuda" })).Succeeded();

        Assert.Contains(_checkout.Calls(), call => call.StartsWith("dotnet msbuild", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("--repository", "/my models")]
    [InlineData("--repository=/my models")]
    [InlineData("--help")]
    [InlineData("--version")]
    [InlineData("inspect", "model.onnx")]
    public async Task Serve_NoNeedForDefaultModels_PassesArgumentsAsTheyAre(params string[] arguments)
    {
        (await _checkout.ServeAsync(arguments)).Succeeded();

        Assert.Equal($"{Server} {string.Join(' ', arguments)}", _checkout.Calls()[^1]);
        Assert.False(_checkout.Folder.Has("models"));
    }

    [Fact]
    public async Task Serve_RepositoryInEnvironment_AddsNone()
    {
        (await _checkout.ServeAsync(new Dictionary<string, string> { ["Serving__Repository__0"] = "/mine" })).Succeeded();

        Assert.Equal(Server, _checkout.Calls()[^1].TrimEnd());
    }

    [Fact]
    public async Task Serve_OneModelPresent_FetchesTheOthersAndLeavesItAlone()
    {
        _checkout.Folder.Write("models/silero-vad/1/model.onnx", "mine");

        (await _checkout.ServeAsync()).Succeeded();

        Assert.Equal("mine", File.ReadAllText(_checkout.Folder.At("models/silero-vad/1/model.onnx")));
        Assert.True(_checkout.Folder.Has("models/pp-ocrv4-detection/1/model.onnx"));
    }

    public void Dispose() => _checkout.Dispose();
}
