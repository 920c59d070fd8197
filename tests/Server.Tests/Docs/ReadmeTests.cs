using System.Diagnostics;
using System.Text.Json.Nodes;
using Serving.TestKit.Graphs;
using Serving.TestKit.Servers;
using Serving.TestKit.Source;

namespace Serving.Server.Tests.Docs;

/// <summary>What README.md shows, done with a running server.</summary>
public sealed class ReadmeTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);
    private static readonly Document Readme = new("README.md");
    private static readonly Uri Models = new(Path.Combine(SourceTree.Root, "eng", "prepare", "models.mjs"));

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("serving-readme-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task FirstRequest_DefaultRepository_ReadsTheReceiptAsShown()
    {
        await RunAsync("node", "--input-type=module", "--eval", $"import {{ layOutModels }} from '{Models}'; layOutModels(process.argv[1]);", _folder.FullName);
        await using var server = await RunningServer.StartAsync(Settled);
        var (request, shown) = FirstRequest();
        var (script, texts) = Script();

        var answer = JsonNode.Parse(await ShellAsync(request, server))!.AsArray();
        var printed = await ShellAsync(script, server);

        Assert.Equal(texts, answer.Select(line => (string?)line!["text"]));
        Assert.Equal(texts, printed.TrimEnd('\n').Split('\n'));
        Assert.Equal((string?)shown["text"], (string?)answer[0]!["text"]);
        Assert.Equal((float)shown["score"]!, (float)answer[0]!["score"]!, 0.02f);
        Assert.All(shown["box"]!.AsArray().Zip(answer[0]!["box"]!.AsArray()), corner => Assert.Equal((float)corner.First!, (float)corner.Second!, 2f));
    }

    [Fact]
    public async Task Layouts_LaidOutAsShown_AreAllServed()
    {
        foreach (var line in Readme.Blocks.First(block => block.StartsWith("models/\n", StringComparison.Ordinal)).Split('\n').Skip(1))
        {
            Write(line.Trim().Split(' ', 2)[0]);
        }

        await using var server = await RunningServer.StartAsync(Settled);

        using var response = await server.Http.PostAsync("/v2/repository/index", new StringContent("{\"ready\":true}")).WaitAsync(Patience);
        var index = JsonNode.Parse(await response.Content.ReadAsStringAsync().WaitAsync(Patience))!.AsArray();
        Assert.Equal(
            ["bert 1", "detector 2", "embedder 1", "resnet50 1"],
            index.Select(entry => $"{entry!["name"]} {entry["version"]}").Order(StringComparer.Ordinal));
    }

    /// <summary>The command, and the first line of its answer.</summary>
    private static (string Command, JsonNode Line) FirstRequest()
    {
        var block = Readme.Blocks.First(block => block.StartsWith("curl --data-binary", StringComparison.Ordinal)).Split('\n');
        return (block[0], JsonNode.Parse(block[1].TrimStart('[').Replace(", ...", "", StringComparison.Ordinal))!);
    }

    /// <summary>The command that prints texts alone, and the texts.</summary>
    private static (string Command, string[] Texts) Script()
    {
        var block = Readme.Blocks.First(block => block.StartsWith("examples/ocr/", StringComparison.Ordinal)).Split('\n');
        return (block[0], block[2..]);
    }

    private static Task<string> ShellAsync(string command, RunningServer server) =>
        RunAsync("bash", "-c", command.Replace("http://localhost:8000", server.HttpAddress.ToString().TrimEnd('/'), StringComparison.Ordinal));

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = SourceTree.Root, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync().WaitAsync(Patience);
        Assert.True(process.ExitCode == 0, await error.WaitAsync(Patience));
        return await output.WaitAsync(Patience);
    }

    private void Settled(Serving.Server.Hosting.ServingOptions options)
    {
        options.Repository.Add(_folder.FullName);
        options.SettleTime = TimeSpan.Zero;
    }

    private void Write(string file)
    {
        var path = Path.Combine(_folder.FullName, file);
        if (file.EndsWith(".onnx", StringComparison.Ordinal))
        {
            new OnnxGraphBuilder().Input("x", "FP32", "batch", 4).Output("y", "FP32", "batch", 4).Node("Relu", ["x"], ["y"]).Save(path);
            return;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, "{}");
    }
}
