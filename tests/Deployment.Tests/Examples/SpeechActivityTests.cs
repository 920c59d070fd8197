using Serving.Deployment.Tests.Tools;

namespace Serving.Deployment.Tests.Examples;

public sealed class SpeechActivityTests(ModelServer server) : IClassFixture<ModelServer>
{
    private static readonly string Folder = Checkout.At("examples", "speech-activity");

    [Fact]
    public async Task Rest_Recording_FindsTheTwoSentences()
    {
        var result = await Tool.RunAsync("node", Path.Combine(Folder, "rest.mjs"), Path.Combine(Folder, "speech.wav"), server.Url);

        var lines = result.Succeeded().TrimEnd().Split('\n');
        Assert.Equal(["speech from 0.70 s to 1.47 s", "speech from 2.37 s to 4.77 s"], lines[^2..]);
        Assert.EndsWith("silence", lines[0], StringComparison.Ordinal);
        Assert.EndsWith("1.00  speech", lines[10], StringComparison.Ordinal);
        Assert.EndsWith("silence", lines[20], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Readme_Always_SaysWhatTheScriptsPrint()
    {
        var result = await Tool.RunAsync("node", Path.Combine(Folder, "rest.mjs"), Path.Combine(Folder, "speech.wav"), server.Url);

        var readme = await File.ReadAllTextAsync(Path.Combine(Folder, "README.md"));
        Assert.All(result.Succeeded().TrimEnd().Split('\n')[^2..], line => Assert.Contains($"    {line}\n", readme, StringComparison.Ordinal));
    }

    [FactIfInstalled("curl")]
    public async Task Infer_Silence_IsNotSpeech()
    {
        var result = await Tool.RunAsync(Path.Combine(Folder, "infer.sh"), server.Url);

        Assert.Matches("\"name\":\"output\",\"datatype\":\"FP32\",\"shape\":\\[1,1\\],\"data\":\\[0\\.0[0-9]+\\]", result.Succeeded());
    }

    [Fact]
    public async Task Rest_WrongFile_SaysWhatItShouldBe()
    {
        using var folder = new ScratchFolder();
        folder.Write("song.mp3", "not sound");

        var result = await Tool.RunAsync("node", Path.Combine(Folder, "rest.mjs"), folder.At("song.mp3"), server.Url);

        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("is not a WAV file", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Models_Fetched_AreTheRealOnes()
    {
        Assert.All(
            (string[])["pp-ocrv4-detection", "pp-ocrv4-direction", "pp-ocrv4-recognition", "silero-vad"],
            name => Assert.True(new FileInfo(server.Models.At($"{name}/1/model.onnx")).Length > 500_000, name));
        Assert.Equal(6623, File.ReadAllLines(server.Models.At("pp-ocrv4-recognition/labels.txt")).Length);
    }
}
