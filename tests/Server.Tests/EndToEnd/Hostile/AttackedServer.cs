using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Serving.Server.Tests.Hosting;
using Serving.Server.Tests.Observability;
using Serving.TestKit.Graphs;

namespace Serving.Server.Tests.EndToEnd.Hostile;

/// <summary>
/// The server as a process of its own, which little patience makes quick to test, with two models: <c>echo</c> answers what it
/// gets, and <c>wide</c> answers four million bytes for each row.
/// </summary>
internal sealed class AttackedServer : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _models;
    private readonly ChildServer _server;
    private readonly HttpClient _client = new() { Timeout = Patience };

    private AttackedServer(DirectoryInfo models, ChildServer server)
    {
        _models = models;
        _server = server;
    }

    public Uri Rest { get; private set; } = null!;

    public Uri Grpc { get; private set; } = null!;

    private Uri Metrics { get; set; } = null!;

    /// <param name="transferTimeout">The server's patience with each piece of a transfer.</param>
    public static async Task<AttackedServer> StartAsync(string transferTimeout)
    {
        var models = Directory.CreateTempSubdirectory("serving-hostile-");
        new OnnxGraphBuilder()
            .Input("x", "FP32", "rows", 2)
            .Output("y", "FP32", "rows", 2)
            .Node("Identity", ["x"], ["y"])
            .Save(Path.Combine(models.FullName, "echo.onnx"));
        new OnnxGraphBuilder()
            .Input("x", "FP32", "rows", 1)
            .Output("y", "FP32", "rows", 1_000_000)
            .Weight("shape", [2], 1L, 1_000_000L)
            .Node("Expand", ["x", "shape"], ["y"])
            .Save(Path.Combine(models.FullName, "wide.onnx"));
        var server = new AttackedServer(models, ChildServer.Start(
            "--repository", models.FullName, "--settle-time", "0s", "--model-control-mode", "none", "--log-level", "warning",
            "--http-port", "0", "--grpc-port", "0", "--metrics-port", "0", "--transfer-timeout", transferTimeout));
        (server.Rest, server.Grpc, server.Metrics) = await server._server.ReadAddressesAsync();
        await server.MedianAsync();
        return server;
    }

    public static async Task<TcpClient> ConnectAsync(Uri address)
    {
        var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(address.Host, address.Port).WaitAsync(Patience);
        return client;
    }

    /// <summary>The request of an inference of <c>wide</c>.</summary>
    public static string WideRequest(int rows)
    {
        var data = string.Join(',', Enumerable.Repeat("0.5", rows));
        var input = $$"""{"name":"x","datatype":"FP32","shape":[{{rows}},1],"data":[{{data}}]}""";
        return $$"""{"inputs":[{{input}}],"parameters":{"binary_data_output":true} }""";
    }

    /// <summary>The middle of the times that inferences of <c>echo</c> take.</summary>
    public async Task<TimeSpan> MedianAsync()
    {
        var times = new List<TimeSpan>();
        for (var i = 0; i < 51; i++)
        {
            var start = Stopwatch.GetTimestamp();
            using var content = new StringContent("""{"inputs":[{"name":"x","datatype":"FP32","shape":[1,2],"data":[1,2]}]}""", Encoding.UTF8, "application/json");
            using var answer = await _client.PostAsync(new Uri(Rest, "/v2/models/echo/infer"), content).WaitAsync(Patience);
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync().WaitAsync(Patience));
            times.Add(Stopwatch.GetElapsedTime(start));
        }

        times.Sort();
        return times[times.Count / 2];
    }

    /// <summary>The tensor memory in use.</summary>
    public Task<double> RentedAsync() => ReadAsync("serving_buffer_pool_rented_bytes");

    /// <summary>The requests whose handlers have not ended: this one, and those that hold what they answer with.</summary>
    public Task<double> ActiveRequestsAsync() => ReadAsync("http_server_active_requests");

    /// <summary>The server's open connections, on all ports.</summary>
    public Task<double> ConnectionsAsync() => ReadAsync("kestrel_active_connections");

    /// <summary>Asks until a number is as wanted; fails where it does not become so.</summary>
    public static async Task UntilAsync(Func<Task<double>> ask, Func<double, bool> wanted, string what)
    {
        var start = Stopwatch.GetTimestamp();
        for (var last = await ask(); !wanted(last); last = await ask())
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < Patience, string.Create(CultureInfo.InvariantCulture, $"{what}: still {last}"));
            await Task.Yield();
        }
    }

    /// <summary>The memory that the system holds for the server.</summary>
    public long ResidentBytes() => _server.ResidentBytes();

    public void Dispose()
    {
        _client.Dispose();
        _server.Dispose();
        _models.Delete(recursive: true);
    }

    private async Task<double> ReadAsync(string metric)
    {
        var scrape = await _client.GetStringAsync(Metrics).WaitAsync(Patience);
        return ScrapedMetric.Parse(scrape)[metric].Samples.Sum(sample => sample.Value);
    }
}
