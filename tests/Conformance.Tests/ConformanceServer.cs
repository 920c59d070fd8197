using System.Diagnostics;
using System.Text.RegularExpressions;
using Serving.Conformance.Fixtures;
using Serving.Server.Hosting;

namespace Serving.Conformance.Tests;

/// <summary>The server as users start it, a process of its own on free ports, with the fixture models.</summary>
internal sealed partial class ConformanceServer : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _models;
    private readonly Process _process;

    /// <summary>What the server writes later is read, so that it never waits for a reader.</summary>
    private Task? _rest;

    private ConformanceServer(DirectoryInfo models, Process process)
    {
        _models = models;
        _process = process;
    }

    public Uri Http { get; private set; } = new("http://127.0.0.1");

    public Uri Grpc { get; private set; } = new("http://127.0.0.1");

    /// <summary>Starts a server with each protocol on a port of its own.</summary>
    public static Task<ConformanceServer> StartAsync() => StartAsync("--http-port", "0", "--grpc-port", "0", "--metrics-port", "0", "--allow-shared-memory");

    /// <summary>Starts a server and waits until its models are loaded.</summary>
    public static async Task<ConformanceServer> StartAsync(params string[] options)
    {
        var models = Directory.CreateTempSubdirectory("serving-conformance-");
        FixtureRepository.Write(models.FullName);
        var start = new ProcessStartInfo(
            "dotnet", [typeof(ServingOptions).Assembly.Location, "--repository", models.FullName, "--settle-time", "0s", .. options])
        {
            RedirectStandardOutput = true,
        };
        var server = new ConformanceServer(models, Process.Start(start)!);
        try
        {
            await server.ReadSummaryAsync().WaitAsync(Patience);
            return server;
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit(Patience);
        }

        _process.Dispose();
        _models.Delete(recursive: true);
    }

    /// <summary>The addresses stand in the summary of the start; its last line says that the models are loaded.</summary>
    private async Task ReadSummaryAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            Http = RestLine().Match(line) is { Success: true } rest ? new Uri(rest.Groups[1].Value) : Http;
            Grpc = GrpcLine().Match(line) is { Success: true } grpc ? new Uri($"http://{grpc.Groups[1].Value}") : Grpc;
            if (line.StartsWith("  try ", StringComparison.Ordinal))
            {
                _rest = _process.StandardOutput.ReadToEndAsync();
                return;
            }
        }

        throw new InvalidOperationException("The server ended before it was ready.");
    }

    [GeneratedRegex(@"^  REST +(http://\S+)$")]
    private static partial Regex RestLine();

    [GeneratedRegex(@"^  gRPC +(\S+)$")]
    private static partial Regex GrpcLine();
}
