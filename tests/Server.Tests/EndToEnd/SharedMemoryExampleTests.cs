using System.Diagnostics;
using Serving.TestKit.Graphs;
using Serving.TestKit.Servers;
using Serving.TestKit.Source;

namespace Serving.Server.Tests.EndToEnd;

/// <summary>examples/shared-memory, as a user runs it, against a model of this test.</summary>
public sealed class SharedMemoryExampleTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(true, 0, "y [1, 2] 1.0 1.0 \nrank [2] 1 2 \n")]
    [InlineData(false, 1, "/v2/systemsharedmemory/region/shared-memory-example/register: 501 shared memory is not open to clients; start the server with --allow-shared-memory\n")]
    public async Task Infer_SmallModel_PrintsWhatLiesInMemory(bool allowed, int exitCode, string expected)
    {
        var repository = Directory.CreateTempSubdirectory("serving-example-");
        new OnnxGraphBuilder()
            .Input("x", "FP32", "batch", 2).Output("y", "FP32", "batch", 2).Output("rank", "INT64", 2)
            .Node("Exp", ["x"], ["y"]).Node("Shape", ["x"], ["rank"])
            .Save(Path.Combine(repository.FullName, "m.onnx"));
        try
        {
            await using var server = await RunningServer.StartAsync(options =>
            {
                options.Repository.Add(repository.FullName);
                options.AllowSharedMemory = allowed;
            });
            var script = Path.Combine(SourceTree.Root, "examples", "shared-memory", "infer.py");
            using var client = Process.Start(new ProcessStartInfo("/usr/bin/python3", [script, server.HttpAddress.GetLeftPart(UriPartial.Authority), "m"])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            var output = client.StandardOutput.ReadToEndAsync();
            var errors = client.StandardError.ReadToEndAsync();
            await client.WaitForExitAsync().WaitAsync(Patience);
            Assert.Equal(expected, await output.WaitAsync(Patience) + await errors.WaitAsync(Patience));
            Assert.Equal(exitCode, client.ExitCode);
        }
        finally
        {
            repository.Delete(recursive: true);
        }
    }
}
