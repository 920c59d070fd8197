using System.Diagnostics;
using Serving.TestKit.Source;

namespace Serving.Conformance.Tests;

/// <summary>A server and one run of the whole suite with Node's clients against it.</summary>
public sealed class NodeRun : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>What was printed of each case: its verdict and, behind it, why.</summary>
    public IReadOnlyDictionary<string, string> Lines { get; private set; } = new Dictionary<string, string>();

    /// <summary>All that was printed.</summary>
    public string Output { get; private set; } = "";

    public async Task InitializeAsync()
    {
        using var server = await ConformanceServer.StartAsync();
        var script = Path.Combine(SourceTree.Root, "tests/Conformance/node/run.mjs");
        using var node = Process.Start(new ProcessStartInfo("node", [script, $"{server.Http}", "--grpc", $"{server.Grpc}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        try
        {
            var errors = node.StandardError.ReadToEndAsync();
            var output = await node.StandardOutput.ReadToEndAsync().WaitAsync(Patience);
            Output = output + await errors.WaitAsync(Patience);
        }
        finally
        {
            node.Kill(entireProcessTree: true);
        }

        Lines = Output.Split('\n').Select(Parse).Where(line => line.Name.Length > 0).ToDictionary(line => line.Name, line => line.Text);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    private static (string Name, string Text) Parse(string line)
    {
        var verdict = new[] { "ok ", "not ok ", "not offered " }.FirstOrDefault(start => line.StartsWith(start, StringComparison.Ordinal));
        return verdict is null ? ("", "") : (line[verdict.Length..].Split(':')[0], line);
    }
}
