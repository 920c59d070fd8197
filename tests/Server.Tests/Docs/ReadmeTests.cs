using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Serving.TestKit.Graphs;
using Serving.TestKit.Servers;

namespace Serving.Server.Tests.Docs;

/// <summary>What README.md shows, done with a running server.</summary>
public sealed partial class ReadmeTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly Document Readme = new("README.md");

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("serving-readme-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task FirstRequest_ModelOfTheSameTensors_AnswersInTheShapeShown()
    {
        var request = FirstRequest().Match(Readme.Blocks.First(block => block.Contains("/infer -d", StringComparison.Ordinal)));
        Assert.True(request.Success);
        var shown = JsonNode.Parse(Readme.Blocks.First(block => block.StartsWith("{\"model_name\"", StringComparison.Ordinal)))!;
        var model = (string)shown["model_name"]!;
        StandIn(model, (string)shown["outputs"]![0]!["name"]!);
        await using var server = await RunningServer.StartAsync(Settled);

        using var response = await server.Http.PostAsync(request.Groups["path"].Value, Form(request.Groups["body"].Value)).WaitAsync(Patience);

        var text = await response.Content.ReadAsStringAsync().WaitAsync(Patience);
        Assert.True(response.IsSuccessStatusCode, text);
        Assert.Equal(WithoutData(shown), WithoutData(JsonNode.Parse(text)!));
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

    /// <summary>What the shell makes of the quoted text.</summary>
    private static StringContent Form(string quoted) => new(
        Repeated().Replace(quoted.Replace("\\\"", "\"", StringComparison.Ordinal), match => string.Join(
            ',', Enumerable.Repeat(match.Groups[1].Value, int.Parse(match.Groups[2].Value, System.Globalization.CultureInfo.InvariantCulture)))),
        Encoding.UTF8,
        "application/x-www-form-urlencoded");

    private static string WithoutData(JsonNode answer)
    {
        var copy = answer.DeepClone();
        foreach (var output in copy["outputs"]!.AsArray())
        {
            output!.AsObject().Remove("data");
        }

        return copy.ToJsonString();
    }

    private void Settled(Serving.Server.Hosting.ServingOptions options)
    {
        options.Repository.Add(_folder.FullName);
        options.SettleTime = TimeSpan.Zero;
    }

    /// <summary>A classifier of two classes with the tensors of the default model, which only npm has.</summary>
    private void StandIn(string model, string output) => new OnnxGraphBuilder()
        .Input("x", "FP32", "batch", 3, 48, 192)
        .Output(output, "FP32", "batch", 2)
        .Weight("w", [3 * 48 * 192, 2], new float[3 * 48 * 192 * 2])
        .Node("Flatten", ["x"], ["flat"], ("axis", 1))
        .Node("MatMul", ["flat", "w"], ["scores"])
        .Node("Softmax", ["scores"], [output], ("axis", 1))
        .Save(Path.Combine(_folder.FullName, model, "1", "model.onnx"));

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

    [GeneratedRegex("""http://localhost:8000(?<path>/v2/\S+/infer) -d "(?<body>(?:[^"\\]|\\.)*)"$""")]
    private static partial Regex FirstRequest();

    [GeneratedRegex(@"\$\(yes (\S+) \| head -(\d+) \| paste -sd,\)")]
    private static partial Regex Repeated();
}
