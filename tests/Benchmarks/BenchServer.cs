using System.Diagnostics;
using Serving.Server.Hosting;

namespace Serving.Benchmarks;

/// <summary>The server as a process of its own.</summary>
internal sealed class BenchServer : IDisposable
{
    private const string Marker = "  REST ";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly Process _process;

    private BenchServer(Process process, Uri address)
    {
        _process = process;
        Http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 64 }) { BaseAddress = address };
    }

    public HttpClient Http { get; }

    /// <summary>The process's number.</summary>
    public int Id => _process.Id;

    public static async Task<BenchServer> StartAsync(string repository, params string[] options)
    {
        string[] arguments =
        [
            typeof(ServingHost).Assembly.Location, "--repository", repository, "--settle-time", "0s",
            "--http-port", "0", "--grpc-port", "0", "--metrics-port", "0", "--log-level", "warning", .. options,
        ];
        var process = Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true })!;
        while (await process.StandardOutput.ReadLineAsync().WaitAsync(Patience) is { } line)
        {
            if (line.StartsWith(Marker, StringComparison.Ordinal))
            {
                return new BenchServer(process, new Uri(line[Marker.Length..].Trim()));
            }
        }

        throw new InvalidOperationException("the server ended before it said where it listens");
    }

    public async Task IsLiveAsync()
    {
        using var response = await Http.GetAsync("/v2/health/live");
        response.EnsureSuccessStatusCode();
    }

    public void Dispose()
    {
        Http.Dispose();
        _process.Kill();
        _process.Dispose();
    }
}
