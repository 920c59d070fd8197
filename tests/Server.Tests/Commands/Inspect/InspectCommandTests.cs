using System.Text.Json;
using Serving.Server.Commands.Inspect;
using Serving.Server.Hosting;
using Serving.TestKit;

namespace Serving.Server.Tests.Commands.Inspect;

public sealed class InspectCommandTests
{
    private const string Model = "bert-sequence-classification";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Run_ModelsFolder_TellsWhatWasFound()
    {
        var (code, output, error) = await RunAsync(Zoo.Models[Model]);

        Assert.Equal(ExitCode.Success, code);
        Assert.Empty(error);
        Assert.Contains($"{Model} version 1: ready on cpu", output, StringComparison.Ordinal);
        Assert.Contains("input_ids INT64 [batch, sequence]; rows along axis 0; length along axis 1; padded with 0", output, StringComparison.Ordinal);
        Assert.Contains("shorter ones are padded", output, StringComparison.Ordinal);
        Assert.Contains("padded with 0 answered as alone", output, StringComparison.Ordinal);
        Assert.Matches(@"length 16: 1 row [\d.]+ ms", output);
        Assert.Matches(@"[\d.]+ MiB of graph and weights", output);
    }

    [Fact]
    public async Task Run_Json_HasTheSame()
    {
        var (code, output, _) = await RunAsync(Path.Combine(Zoo.Models[Model], "model.onnx"), "--json");

        Assert.Equal(ExitCode.Success, code);
        using var json = JsonDocument.Parse(output);
        var found = Assert.Single(json.RootElement.EnumerateArray());
        Assert.Equal("padded", found.GetProperty("details").GetProperty("batching").GetProperty("mode").GetString());
        Assert.Equal("INT64", found.GetProperty("inputs")[0].GetProperty("datatype").GetString());
        Assert.NotEqual(0, found.GetProperty("costs").GetProperty("points").GetArrayLength());
    }

    [Fact]
    public async Task Run_NameInARepository_IsFoundWithoutRegardToCase()
    {
        var (code, output, _) = await RunAsync(Model.ToUpperInvariant(), "--repository", Path.GetDirectoryName(Zoo.Models[Model])!);

        Assert.Equal(ExitCode.Success, code);
        Assert.Single(output.Split(Environment.NewLine), line => line.Contains("version 1: ready", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_ModelThatCannotBeLoaded_SaysWhyAndFails()
    {
        var folder = Directory.CreateTempSubdirectory("serving-inspect-");
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "broken.onnx"), "no graph");

            var (code, output, _) = await RunAsync(folder.FullName);

            Assert.Equal(ExitCode.Failure, code);
            Assert.Contains("broken version 1: cannot be loaded: ", output, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Run_NeitherPathNorName_IsABadOption()
    {
        var (code, output, error) = await RunAsync("no-such-thing");

        Assert.Equal(ExitCode.BadOptions, code);
        Assert.Empty(output);
        Assert.Contains("'no-such-thing' is no file or folder", error, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await InspectCommand.RunAsync(args, output, error).WaitAsync(Patience);
        return (code, output.ToString(), error.ToString());
    }
}
