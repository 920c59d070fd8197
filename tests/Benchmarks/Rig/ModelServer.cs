using System.Net;
using System.Text.Json;
using Serving.TestKit.Source;

namespace Serving.Benchmarks.Rig;

/// <summary>The server, as a process of its own.</summary>
internal sealed class ModelServer : IDisposable
{
    private readonly Uri _metrics;

    private ModelServer(ChildProcess process, Uri rest, IPEndPoint grpc, Uri metrics)
    {
        Process = process;
        Http = new HttpClient { BaseAddress = rest };
        Grpc = grpc;
        _metrics = metrics;
    }

    public ChildProcess Process { get; }

    public HttpClient Http { get; }

    public IPEndPoint Grpc { get; }

    /// <summary>The program, as ./bench has built it.</summary>
    public static string Program => Path.Combine(SourceTree.Root, "artifacts", "bin", "Server", "release", "Serving.Server.dll");

    public static async Task<ModelServer> StartAsync(string cores, string repository, params string[] options)
    {
        var process = ChildProcess.Start(
            cores, "dotnet", [Program, "--repository", repository, "--settle-time", "0s", "--http-port", "0", "--grpc-port", "0", "--metrics-port", "0", "--log-level", "warning", .. options]);
        try
        {
            var said = await process.ReadAsync("REST ", "gRPC ", "metrics ");
            return new ModelServer(process, new Uri(said[0]), IPEndPoint.Parse(said[1]), new Uri(said[2]));
        }
        catch
        {
            process.Dispose();
            throw;
        }
    }

    /// <summary>Throws unless rows of several requests for a model share runs, as a measure takes for granted.</summary>
    public async Task RequireBatchingAsync(string model)
    {
        var text = await Http.GetStringAsync($"/v2/models/{model}/status");
        using var status = JsonDocument.Parse(text);
        if (!status.RootElement[0].GetProperty("batching").GetProperty("enabled").GetBoolean())
        {
            throw new InvalidOperationException($"{model} should be batched and is not; its status: {text}");
        }
    }

    /// <summary>What the metrics say now.</summary>
    public async Task<MetricsText> ReadMetricsAsync() => new(await Http.GetStringAsync(_metrics));

    public void Dispose()
    {
        Http.Dispose();
        Process.Dispose();
    }
}
